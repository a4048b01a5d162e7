import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { readSpans } from "../../src/otlp/read-spans.ts";
import { otlp } from "../../src/testing/spans.ts";
import { agents } from "../conventions/dialects-two/agents/index.ts";
import { toOtlpJson } from "../conventions/otlp-json.ts";

/** A request as a client sends it, without compression. */
export interface ClientBody {
  readonly path: "/v1/traces" | "/v1/logs";
  readonly type: "application/x-protobuf" | "application/json";
  readonly bytes: Buffer;
}

/** Larger bodies say nothing that smaller ones do not, and take the time of many. */
const MAX_BYTES = 20 * 1024;

const CAPTURES = resolve(import.meta.dirname, "../../../shared/captures");
const RECORDINGS = resolve(import.meta.dirname, "../fixtures/clients");

/** Bodies of all kinds: made by hand, recorded by the project, and captured where the captures are there. */
export function clientBodies(): readonly ClientBody[] {
  const handMade = agents.flatMap(({ sketch }): ClientBody[] => {
    const bytes = Buffer.from(otlp(sketch));
    const json = Buffer.from(toOtlpJson(readSpans(bytes)));
    return [
      { path: "/v1/traces", type: "application/x-protobuf", bytes },
      { path: "/v1/traces", type: "application/json", bytes: json },
    ];
  });
  const files = [CAPTURES, RECORDINGS].flatMap((folder) =>
    globSync("**/*-{traces,logs}*.{pb,json}", { cwd: folder })
      .filter((name) => !/\.(meta|decoded)\.json$/.test(name))
      .map((name) => join(folder, name)),
  );
  const recorded = files.sort().map(
    (file): ClientBody => ({
      path: file.includes("-logs") ? "/v1/logs" : "/v1/traces",
      type: file.endsWith(".pb") ? "application/x-protobuf" : "application/json",
      bytes: readFileSync(file),
    }),
  );
  return [...handMade, ...recorded].filter(({ bytes }) => bytes.length > 0 && bytes.length <= MAX_BYTES);
}
