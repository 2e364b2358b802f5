// A clock that tests move by hand, in place of the platform's own.

import { watchDatabases } from "./database.js";
import { replace } from "./replace.js";
import { settler } from "./settle.js";
import { NodeTimer, Timers } from "./timers.js";
import { tellTime } from "./world.js";

/** A clock that stands still until it is told to go on. */
export interface Clock {
  /** What `Date.now()` says. */
  readonly now: number;
  /** How many timers are set. */
  readonly timers: number;
  /** Lets time pass. Timers fire in their order, and what they begin is waited for before the next one does. */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock forward, or back with a negative number, as a user or a time service does. No time passes. */
  jump(ms: number): void;
  /** Lets the machine sleep: the time of day goes on, the monotonic clock and the timers stand still. */
  sleep(ms: number): Promise<void>;
  /** Waits until what has begun is done, as far as that takes no time. */
  settle(): Promise<void>;
  /** Gives the platform its own clock back. Timers that are still set are forgotten. */
  uninstall(): void;
}

/**
 * Puts a clock that stands still in the place of `Date`, `performance.now`, `setTimeout`, `setInterval` and `AbortSignal.timeout`.
 * It begins with the machine's time, or with `now`. There can be one at a time.
 */
export function installClock({ now }: { readonly now?: number | string | Date } = {}): Clock {
  const timers = new Timers();
  const time = { wall: now === undefined ? Date.now() : new Date(now).getTime(), monotonic: Math.ceil(performance.now()), world: 0 };
  time.world = time.wall;
  // Refuses a second clock, before anything has been replaced.
  tellTime(() => time.world);
  const databases = watchDatabases();
  const settle = settler(databases);
  const restore = [...databases.restore, ...replaceDate(time), ...replaceTimers(time, timers)];

  const pass = (ms: number) => {
    for (const name of ["wall", "monotonic", "world"] as const) time[name] += ms;
  };

  return {
    get now() {
      return time.wall;
    },
    get timers() {
      return timers.size;
    },
    async advance(ms) {
      const end = time.monotonic + Math.trunc(ms);
      await settle();
      for (let next; (next = timers.next(end)); await settle()) {
        pass(Math.max(0, next[1] - time.monotonic));
        timers.fire(next[0]);
      }
      pass(Math.max(0, end - time.monotonic));
      await settle();
    },
    jump: (ms) => void (time.wall += Math.trunc(ms)),
    async sleep(ms) {
      time.wall += Math.trunc(ms);
      time.world += Math.trunc(ms);
      await settle();
    },
    settle,
    uninstall: () => {
      tellTime(undefined);
      for (const it of restore.splice(0)) it();
    },
  };
}

interface Time {
  readonly wall: number;
  readonly monotonic: number;
}

function replaceDate(time: Time): (() => void)[] {
  const now = () => time.wall;
  const replaced = new Proxy(Date, {
    get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
    construct: (target, given, newTarget) => Reflect.construct(target, given.length > 0 ? given : [time.wall], newTarget) as Date,
    apply: (target) => new target(time.wall).toString(),
  });
  return [replace(globalThis, "Date", replaced), replace(performance, "now", () => time.monotonic)];
}

type Callback = (...given: unknown[]) => void;

function replaceTimers(time: Time, timers: Timers): (() => void)[] {
  const { setTimeout, clearTimeout, clearInterval } = globalThis;
  const probe: unknown = setTimeout(() => {}, 0);
  clearTimeout(probe as number);
  const handle = (number: number) => (typeof probe === "object" ? new NodeTimer(number) : number);
  const set =
    (repeats: boolean) =>
    (callback: Callback, delay?: unknown, ...given: unknown[]) =>
      handle(timers.set(() => callback(...given), delay, time.monotonic, repeats));
  // One that was set before the clock came is the platform's.
  const clear = (own: (timer: number) => void) => (timer: unknown) => void (timers.clear(timer) || own(timer as number));
  const timeout = (ms: number) => {
    const controller = new AbortController();
    timers.set(() => controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError")), ms, time.monotonic, false);
    return controller.signal;
  };
  return [
    replace(globalThis, "setTimeout", set(false)),
    replace(globalThis, "clearTimeout", clear(clearTimeout)),
    replace(globalThis, "setInterval", set(true)),
    replace(globalThis, "clearInterval", clear(clearInterval)),
    replace(AbortSignal, "timeout", timeout),
  ];
}
