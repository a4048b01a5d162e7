import { expect, it } from "vitest";

import { readTrace } from "../../src/conventions/read-trace.ts";
import { TracegateError } from "../../src/core/errors.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { splitByTrace } from "../../src/otlp/split-by-trace.ts";
import { WireWriter } from "../../src/otlp/wire-writer.ts";
import { otlp } from "../../src/testing/spans.ts";
import { agents } from "../conventions/dialects-two/agents/index.ts";
import { Dice, mutate } from "../traffic/mutations.ts";

const ID = { trace: Buffer.alloc(16, 7), span: Buffer.alloc(8, 7) };
/** A text field that says it is longer than what is left. */
const CUT = Buffer.from([0x0a, 0x09, 0x61]);

function requestWith(scope: Uint8Array, more: (span: WireWriter) => void = () => {}): Uint8Array {
  const writer = new WireWriter();
  writer.message(1, () =>
    writer.message(2, () => {
      writer.bytes(1, scope);
      writer.message(2, () => {
        writer.bytes(1, ID.trace);
        writer.bytes(2, ID.span);
        more(writer);
      });
    }),
  );
  return writer.finish();
}

it.each([
  ["scope", requestWith(CUT)],
  ["status", requestWith(Buffer.alloc(0), (span) => span.bytes(15, CUT))],
])("a request whose %s is cut is refused, since it could not be read later", (_, bytes) => {
  expect(() => splitByTrace(bytes)).toThrow(TracegateError);
});

it("a link that cannot be decoded costs its span's content, not the trace", () => {
  const bytes = requestWith(Buffer.alloc(0), (span) => span.bytes(13, CUT));
  const [fragment] = splitByTrace(bytes).fragments;
  const trace = readTrace(readSpans(fragment?.bytes ?? new Uint8Array()));
  expect(trace.quality.issues.map(({ code }) => code)).toContain("attributes-unreadable");
});

it("what is accepted of 400 mutated requests can all be read", () => {
  const bodies = agents.map(({ sketch }) => Buffer.from(otlp(sketch)));
  let accepted = 0;
  for (let seed = 0; seed < 400; seed++) {
    const dice = new Dice(seed);
    const [body, other] = [bodies[dice.roll(bodies.length)], bodies[dice.roll(bodies.length)]];
    if (!body || !other) continue;
    for (const { bytes } of fragmentsOf(mutate(body, other, dice))) {
      expect(() => readTrace(readSpans(bytes)), `seed ${seed}`).not.toThrow();
      accepted += 1;
    }
  }
  expect(accepted).toBeGreaterThan(80);
}, 60_000);

function fragmentsOf(bytes: Uint8Array): readonly { readonly bytes: Uint8Array }[] {
  try {
    return splitByTrace(bytes).fragments;
  } catch (error) {
    expect(error).toBeInstanceOf(TracegateError);
    return [];
  }
}
