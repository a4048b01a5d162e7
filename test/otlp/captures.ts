import { existsSync, globSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

import { jsonToProtobuf } from "../../src/otlp/json-to-protobuf.ts";

const FOLDER = resolve(import.meta.dirname, "../../../shared/captures");

/** True where the recordings of real clients lie beside the project. */
export const hasCaptures = existsSync(FOLDER);

/** Paths of recorded trace bodies, relative to the folder of recordings. */
export function captureFiles(pattern = "**/*-traces.{pb,wire.json}"): string[] {
  return hasCaptures
    ? globSync(join(FOLDER, pattern))
        .map((path) => relative(FOLDER, path))
        .sort()
    : [];
}

/** A recorded body as protobuf. */
export function readCapture(path: string): Uint8Array {
  const file = join(FOLDER, path);
  return path.endsWith(".json") ? jsonToProtobuf(readFileSync(file, "utf8")) : readFileSync(file);
}
