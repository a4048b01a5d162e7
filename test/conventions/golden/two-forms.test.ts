import { globSync, readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

import { readTrace } from "../../../src/conventions/read-trace.ts";
import type { Trace } from "../../../src/core/trace.ts";
import { jsonToProtobuf } from "../../../src/otlp/json-to-protobuf.ts";
import { readSpans } from "../../../src/otlp/read-spans.ts";
import { splitByTrace } from "../../../src/otlp/split-by-trace.ts";

const CAPTURES = resolve(import.meta.dirname, "../../../../shared/captures");
const bodies = globSync(`${CAPTURES}/**/*-traces.pb`).sort();

function tracesIn(body: Uint8Array): Trace[] {
  return splitByTrace(body).fragments.map(({ bytes }) => readTrace(readSpans(bytes)));
}

describe.skipIf(bodies.length === 0)("one body in two forms (needs ../shared/captures)", () => {
  it.each(bodies.map((path) => [relative(CAPTURES, path), path]))(
    "%s gives the same traces as protobuf and as JSON",
    (_, path) => {
      const json = readFileSync(path.replace(/\.pb$/, ".decoded.json"), "utf8");
      expect(tracesIn(jsonToProtobuf(json))).toEqual(tracesIn(readFileSync(path)));
    },
  );
});
