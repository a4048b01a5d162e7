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

/** A recorded request, by the path of its meta.json: path, headers and body as they were sent. */
export function readCaptureAsSent(metaFile: string): {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
} {
  const meta: { url: string; headers: Record<string, string> } = JSON.parse(
    readFileSync(join(FOLDER, metaFile), "utf8"),
  );
  const kept = ["content-type", "authorization", "x-api-key"];
  const headers = Object.fromEntries(Object.entries(meta.headers).filter(([name]) => kept.includes(name)));
  const stem = join(FOLDER, metaFile).replace(/\.meta\.json$/, "");
  const file = existsSync(`${stem}.wire.json`) ? `${stem}.wire.json` : `${stem}.pb`;
  return { url: meta.url, headers, body: new Uint8Array(readFileSync(file)) };
}
