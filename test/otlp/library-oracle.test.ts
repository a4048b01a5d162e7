import { createReadStream, existsSync } from "node:fs";
import { resolve } from "node:path";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { decodeWithLibrary, librarySpans } from "../../scripts/bench/library-spans.ts";
import { readTrace } from "../../src/conventions/read-trace.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { readTraceBodies } from "../../src/otlp/read-trace-bodies.ts";
import { WireWriter } from "../../src/otlp/wire-writer.ts";
import { type AttributeInput, writeTraces } from "../../src/otlp/write-traces.ts";
import { captureFiles, hasCaptures, readCapture } from "./captures.ts";
import { spansIn } from "./spans-as-values.ts";

const REAL_TRACES = resolve(import.meta.dirname, "../../../shared/data/traces.sample.jsonl.gz");

/** Every field is the same, and so is the canonical trace made of lazy and of eager spans. */
function expectAgreement(body: Uint8Array): void {
  const expected = librarySpans(body);
  expect(spansIn(body)).toEqual(expected);
  for (const traceId of new Set(expected.map((span) => span.traceId))) {
    const ofTrace = ({ traceId: id }: { traceId: string }) => id === traceId;
    const lazy = JSON.stringify(readTrace(readSpans(body).filter(ofTrace)));
    expect(lazy).toBe(JSON.stringify(readTrace(expected.filter(ofTrace))));
  }
}

const ids = fc.record({ trace: fc.constantFrom("1", "2"), span: fc.integer({ min: 1, max: 99 }) });
const values: fc.Arbitrary<AttributeInput[string]> = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.string({ unit: "grapheme", minLength: 1000, maxLength: 1500 }),
  fc.boolean(),
  fc.integer(),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.array(fc.string({ maxLength: 5 }), { maxLength: 3 }),
);
const names = fc.constantFrom("gen_ai.input.messages", "gen_ai.request.model", "a", "é", "__proto__", "");
const attributes = fc.dictionary(fc.oneof(names, fc.string({ maxLength: 8 })), values, { maxKeys: 6 });
const spans = fc.record({
  id: ids,
  name: fc.string({ unit: "grapheme", maxLength: 80 }),
  startTime: fc.integer({ min: 1, max: 2 ** 41 }),
  endTime: fc.integer({ min: 0, max: 2 ** 41 }),
  kind: fc.constantFrom("internal", "client", "server"),
  status: fc.constantFrom({ code: "ok" }, { code: "error", message: "no" }, { code: "unset" }),
  attributes,
  events: fc.array(fc.record({ name: fc.string(), time: fc.nat(), attributes }), { maxLength: 2 }),
  droppedAttributes: fc.nat({ max: 9 }),
  flags: fc.constantFrom(0, 0x101, 0x301),
});

describe("the lazy reader and the library", () => {
  it("agree on every field of generated bodies", () => {
    fc.assert(
      fc.property(fc.array(spans, { minLength: 1, maxLength: 5 }), attributes, (list, resource) => {
        const written = list.map(({ id, ...span }) => ({
          ...span,
          traceId: id.trace.padStart(32, "0"),
          spanId: String(id.span).padStart(16, "0"),
        }));
        expectAgreement(
          writeTraces([{ resource, scopeSpans: [{ scope: { name: "s", version: "1" }, spans: written }] }]),
        );
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  it("agree on odd but legal encodings", () => {
    const writer = new WireWriter();
    writer.message(1, () => {
      writer.message(2, () => {
        writer.message(2, () => {
          writer.bytes(2, Buffer.alloc(8, 2));
          writer.bytes(1, Buffer.alloc(16, 1));
          writer.string(5, "first name");
          writer.string(5, "last name wins");
          writer.message(9, () => {
            // The value before the key, and a value that is not read.
            writer.message(2, () => writer.string(1, "x".repeat(2000)));
            writer.string(1, "twice");
          });
          writer.message(9, () => {
            writer.string(1, "twice");
            writer.message(2, () => writer.string(1, "short"));
          });
          writer.message(9, () => {
            writer.string(1, "none");
          });
          writer.string(99, "unknown");
        });
      });
    });
    const body = writer.finish();
    expectAgreement(body);
    expect(readSpans(body)[0]?.attributes.twice).toBe("short");
    expect(decodeWithLibrary(body).resourceSpans).toHaveLength(1);
  });

  it.skipIf(!hasCaptures)("agree on every recorded body (needs ../shared/captures)", () => {
    for (const path of captureFiles("**/*-traces.pb")) expectAgreement(readCapture(path));
  });

  it.skipIf(!existsSync(REAL_TRACES))("agree on the 38 real traces (needs ../shared/data)", async () => {
    let traces = 0;
    for await (const body of readTraceBodies(createReadStream(REAL_TRACES), REAL_TRACES)) {
      if (!("bytes" in body)) throw body.error;
      expectAgreement(body.bytes);
      traces += 1;
    }
    expect(traces).toBe(38);
  });
});
