import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { type MessageKey, MessageKeys } from "../../src/conventions/derive/message-key.ts";
import { dialects } from "../../src/conventions/index.ts";
import { MessageReader } from "../../src/conventions/messages/message-reader.ts";
import { readFields } from "../../src/conventions/read-fields.ts";
import { ReadingScope } from "../../src/conventions/reading-scope.ts";
import { stableJson } from "../../src/core/json.ts";
import type { Message, Part } from "../../src/core/message.ts";
import { LongText } from "../../src/otlp/long-text.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { captureFiles, hasCaptures, readCapture } from "../otlp/captures.ts";

/** Items of lists: chat messages, items that join, plain texts, numbers, and broken JSON. */
const items = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ role: fc.constantFrom("user", "assistant", "tool"), content: fc.string() }),
  },
  fc.record({ type: fc.constant("function_call"), name: fc.string(), arguments: fc.constant("{}") }),
  fc.string({ unit: "grapheme" }),
  fc.integer(),
);
const itemTexts = fc.oneof(
  { weight: 20, arbitrary: items.map((item) => JSON.stringify(item)) },
  fc.constantFrom("{", "]", "", "é"),
);
const spaces = fc.constantFrom("", " ", "\n  ");

/** Lists as an agent sends them: each the beginning of one long history, or of another one. */
const histories = fc
  .record({
    first: fc.array(itemTexts, { minLength: 1, maxLength: 12 }),
    second: fc.array(itemTexts, { minLength: 1, maxLength: 12 }),
    cuts: fc.array(fc.tuple(fc.boolean(), fc.nat({ max: 12 }), spaces, spaces), {
      minLength: 2,
      maxLength: 8,
    }),
    filler: fc.constantFrom("", "x".repeat(1100), "é".repeat(600)),
    // A text from a comma on is no list, though it looks like the end of one.
    opening: fc.constantFrom("[", "[", "[", ","),
  })
  .map(({ first, second, cuts, filler, opening }) =>
    cuts.map(([isFirst, count, before, after]) => {
      const list = [JSON.stringify(filler), ...(isFirst ? first : second).slice(0, count)];
      return `${before}${opening}${list.join(`${after},${before}`)}${after}]${before}`;
    }),
  );

describe("a message reader that has read other lists before", () => {
  it("reads every list as a new reader does, from bytes and from text", () => {
    fc.assert(
      fc.property(histories, fc.constantFrom("user", "assistant"), (texts, role) => {
        const ofBytes = new MessageReader();
        const ofText = new MessageReader();
        for (const text of texts) {
          const expected = new MessageReader().read(text, role);
          const bytes = Buffer.from(`..${text}..`);
          const long = new LongText(bytes, 2, bytes.length - 2);
          expect(ofBytes.read(long, role)).toEqual(expected);
          expect(ofText.read(text, role)).toEqual(expected);
        }
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it("hands out the messages of the earlier list again where a list goes on", () => {
    const reader = new MessageReader();
    const said = { role: "user", content: "é".repeat(1000) };
    const earlier = reader.read(JSON.stringify([said]), "user");
    const later = reader.read(JSON.stringify([said, { role: "assistant", content: "yes" }]), "user");
    expect(later).toHaveLength(2);
    expect(later?.[0]).toBe(earlier?.[0]);
  });
});

const values = fc.oneof(fc.constantFrom("a", "5", "", " a "), fc.constantFrom(5, null, true));
const objects = fc.oneof(values, fc.dictionary(fc.constantFrom("a", "b", "c"), values, { maxKeys: 3 }));
const parts: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ type: fc.constant("text"), content: fc.constantFrom("", "a", " a", "b", "call a 5") }),
  fc.record({ type: fc.constant("reasoning"), content: fc.constant("a") }),
  fc.record({ type: fc.constant("tool_call"), name: fc.constantFrom("a", "b"), arguments: objects }),
  fc.record({ type: fc.constant("tool_result"), result: objects }),
  fc.record({ type: fc.constant("other"), value: objects }),
);
const messages: fc.Arbitrary<Message> = fc.record({
  role: fc.constantFrom("user", "tool"),
  parts: fc.array(parts, { maxLength: 2 }),
});

/** What a message says, spelled out; empty for nothing. */
function spelledOut({ role, parts: said }: Message): string {
  const pieces = said.flatMap((part) => {
    if (part.type === "text") return part.content.trim() === "" ? [] : [part.content.trim()];
    if (part.type === "tool_call") return [`call ${part.name} ${stableJson(part.arguments ?? null)}`];
    if (part.type === "tool_result") {
      return [`result ${typeof part.result === "string" ? part.result : stableJson(part.result ?? null)}`];
    }
    return part.type === "other" ? [stableJson(part.value)] : [];
  });
  return pieces.length === 0 ? "" : stableJson([role, ...pieces]);
}

describe("keys of messages", () => {
  it("are the same object for messages that say the same, kind for kind, and for no others", () => {
    fc.assert(
      fc.property(fc.array(messages, { minLength: 2, maxLength: 30 }), (list) => {
        const keys = new MessageKeys<object>(() => ({}));
        const byText = new Map<string, MessageKey<object>>();
        const kinds = ({ parts: said }: Message) => said.map((part) => part.type).join();
        for (const message of list) {
          const key = keys.of(message);
          const text = spelledOut(message);
          expect(key.isEmpty).toBe(text === "");
          const before = byText.get(`${kinds(message)} ${text}`);
          if (before) expect(key.loose).toBe(before.loose);
          byText.set(`${kinds(message)} ${text}`, key);
        }
        const contents = new Set([...byText.values()].map((key) => key.loose));
        expect(contents.size).toBeGreaterThanOrEqual(new Set(list.map(spelledOut)).size);
      }),
      { seed: 5, numRuns: 200 },
    );
  });
});

describe("the choice of dialects", () => {
  it.skipIf(!hasCaptures)("leaves out none that would have read something (needs ../shared/captures)", () => {
    const all = dialects.map(({ prefixes: _, ...dialect }) => dialect);
    for (const path of captureFiles("**/*-traces.pb")) {
      for (const span of readSpans(readCapture(path))) {
        const chosen = readFields(span, new ReadingScope());
        expect(chosen, path).toEqual(readFields(span, new ReadingScope(), all));
      }
    }
  });
});
