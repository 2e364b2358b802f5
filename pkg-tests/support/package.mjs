// The installed package, seen as a user's tools see it: by its `exports`, never by what happens to lie in its folders.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../node_modules/relatch/", import.meta.url));
export const manifest = () => JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** The file that a subpath leads to for a tool with these conditions, as Node's algorithm chooses it. */
export function resolve(subpath, conditions) {
  const choose = (target) => {
    if (typeof target === "string") return target;
    for (const [condition, nested] of Object.entries(target ?? {})) {
      const chosen = (condition === "default" || conditions.includes(condition)) && choose(nested);
      if (chosen) return chosen;
    }
    return undefined;
  };
  return choose(manifest().exports[subpath]);
}

/** The same as an address of the gateway's page server. */
export const pageUrl = (subpath) => `/npm/${resolve(subpath, ["browser", "import"]).replace(/^\.\//, "")}`;
