import { readFileSync } from "node:fs";

import { isObject, parseJson } from "../core/json.ts";

/** tracegate's version: of the nearest package.json above, from source, from `dist` and from the action's bundle alike. */
export function version(): string {
  for (let folder = new URL(".", import.meta.url); folder.pathname !== "/"; folder = new URL("..", folder)) {
    const json = parseJson(textOf(new URL("package.json", folder)));
    if (isObject(json) && typeof json.version === "string") return json.version;
  }
  return "unknown";
}

function textOf(url: URL): string {
  try {
    return readFileSync(url, "utf8");
  } catch {
    return "";
  }
}
