// Whether somebody is there.

const SIGNS = ["keydown", "pointerdown", "wheel", "touchstart"];

/** Calls `active` when the user does something, at most once a second, until `gone`. */
export function watch(gone: AbortSignal, active: () => void): void {
  let last = 0;
  const seen = () => {
    if (Math.abs(Date.now() - last) < 1000) return;
    last = Date.now();
    active();
  };
  for (const sign of SIGNS) globalThis.addEventListener?.(sign, seen, { capture: true, passive: true, signal: gone });
}
