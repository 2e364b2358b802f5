// The generated glue, as far as the facade uses it. The generator's own types are switched off: they would be a second truth.

export interface Facade {
  told(what: string, number: number, text: string): void;
}

export class Core {
  static start(settings: string, fetch: typeof globalThis.fetch, adapter: unknown, facade: Facade): Core | undefined;
  ask(call: number, what: string, text: string): boolean;
  look(status: number, body: string): unknown;
  static decode(token: string): string;
  stop(): void;
  free(): void;
}

export function initSync(options: { module: BufferSource | WebAssembly.Module }): unknown;
export default function init(options: { module_or_path: unknown }): Promise<unknown>;
