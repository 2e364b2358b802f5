// Times and numbers for people.

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

/** `14:03:27`, from milliseconds since the epoch. */
export const clockTime = (ms) => clock.format(ms);

/** `0:07`, `59:58`, `9:59:58`, `10 d`: what is left, never below zero. */
export function countdown(ms) {
  const secs = Math.max(0, Math.ceil(ms / 1000));
  if (secs >= 172_800) return `${Math.floor(secs / 86_400)} d`;
  const [hours, minutes, seconds] = [Math.floor(secs / 3600), Math.floor(secs / 60) % 60, secs % 60];
  const two = (n) => String(n).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** `in 14 s`, `3 min ago`. */
export function fromNow(ms) {
  const size = Math.abs(ms);
  const text = size < 90_000 ? `${Math.round(size / 1000)} s` : span(size);
  return ms >= 0 ? `in ${text}` : `${text} ago`;
}

/** `14:03:27, 21 Nov 2026`, from seconds since the epoch, as JWTs count (RFC 7519 section 2). */
export const epochTime = (secs) => `${clockTime(secs * 1000)}, ${day.format(secs * 1000)}`;

/** `10 h`, `20 s`, `10 d`. */
export function duration(secs) {
  return secs < 90 ? `${secs} s` : span(secs * 1000);
}

/** `1 renewal`, `2 renewals`. */
export const count = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;

function span(ms) {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} d`;
}
