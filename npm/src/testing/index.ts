// For the tests of apps: a fake of their API, a clock to move, a store that fails. No part of what a page loads. Nothing runs when this
// is imported.

export { fakeApi, type FakeApi, type FakeApiOptions } from "./api.js";
export type { Asked, FakeCaller } from "./backend.js";
export { installClock, type Clock } from "./clock.js";
export type { Fault, FaultKind } from "./faults.js";
export type { Meaning, Reason } from "./meaning.js";
export type { NodeHandler } from "./node.js";
export { installPage, type Page } from "./page.js";
export type { FakeUser } from "./people.js";
export type { FakeRequest } from "./requests.js";
export { memoryStorage, type MemoryStorage } from "./storage.js";
export type { Said } from "./wording.js";
