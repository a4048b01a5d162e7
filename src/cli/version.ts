import { readFileSync } from "node:fs";

import { isObject, parseJson } from "../core/json.ts";

/** The version in the package.json two folders up, from source and from `dist` alike. */
export function version(): string {
  const json = parseJson(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return isObject(json) && typeof json.version === "string" ? json.version : "unknown";
}
