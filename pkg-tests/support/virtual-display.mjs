// A display that nobody looks at, for a browser that has no headless mode.

import { text } from "node:stream/consumers";
import { Program } from "./program.mjs";

export class VirtualDisplay {
  static async open() {
    // It looks for a free number by itself, and says it on that descriptor when it can be used.
    const program = new Program("Xvfb", ["-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp"], { pipes: 1 });
    const number = await Promise.race([text(program.pipes[0]), program.gone]);
    if (program.failure) throw new Error(program.failure);
    return new VirtualDisplay(program, `:${number.trim()}`);
  }

  constructor(program, name) {
    Object.assign(this, { program, name });
  }

  /** What a program is started with to be shown on it. There is no desktop for it to look for either. */
  environment() {
    return { DISPLAY: this.name, NO_AT_BRIDGE: "1", WEBKIT_DISABLE_COMPOSITING_MODE: "1" };
  }

  close() {
    return this.program.end();
  }
}
