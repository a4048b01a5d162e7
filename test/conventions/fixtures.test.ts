import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";

import { readTrace } from "../../src/conventions/read-trace.ts";
import { isObject, type JsonValue, parseJson } from "../../src/core/json.ts";
import type { Span } from "../../src/core/span.ts";
import { jsonToProtobuf } from "../../src/otlp/json-to-protobuf.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { mergeTraces, writeTraces } from "../../src/otlp/write-traces.ts";
import { openaiStory, storyOf } from "./order-story.ts";

const files = globSync(join(import.meta.dirname, "../fixtures/otlp/*.json")).sort();
const spansOf = (file: string) => readSpans(jsonToProtobuf(readFileSync(file, "utf8")));

describe.each(files.map((file) => [basename(file), file]))("%s", (_, file) => {
  it("tells the story of order A-1001", () => {
    expect(storyOf(readTrace(spansOf(file)))).toEqual(openaiStory);
  });

  it("gives the same trace in any order and with repeats", () => {
    const spans = spansOf(file);
    const expected = readTrace(spans);
    expect(readTrace(spans.toReversed())).toEqual(expected);
    expect(readTrace([...spans, ...spans.toReversed()])).toEqual(expected);
    for (let turn = 1; turn < spans.length; turn++) {
      expect(readTrace([...spans.slice(turn), ...spans.slice(0, turn)])).toEqual(expected);
    }
  });

  it("gives the same trace from batches of one span each, sent twice", () => {
    const spans = spansOf(file);
    const batches = spans.map((span) => writeTraces([resourceSpansOf(span)]));
    const merged = mergeTraces([...batches.toReversed(), ...batches]);
    expect(readTrace(readSpans(merged))).toEqual(readTrace(spans));
  });

  it("gives the same trace from snake_case JSON with numbers for texts", () => {
    const document = parseJson(readFileSync(file, "utf8"));
    const text = JSON.stringify(snakeCased(document ?? null));
    expect(readTrace(readSpans(jsonToProtobuf(text)))).toEqual(readTrace(spansOf(file)));
  });

  it("leaves only attributes in the spans that no field holds", () => {
    const left = readTrace(spansOf(file)).spans.flatMap((span) => Object.keys(span.attributes));
    expect(left.filter((key) => key !== "gen_ai.tool.type")).toEqual([]);
  });
});

function resourceSpansOf(span: Span) {
  return { resource: { ...span.resource }, scopeSpans: [{ scope: span.scope, spans: [span] }] };
}

function snakeCased(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(snakeCased);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, JsonValue] => [
    key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    key === "intValue" ? Number(inner) : snakeCased(inner),
  ]);
  return Object.fromEntries(entries);
}
