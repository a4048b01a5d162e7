import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { otlp } from "../../../src/testing/spans.ts";
import { type RunSketch, sketchOf } from "../../cli/agent-traces.ts";

/** In everything that is planted, and personal only to this test: no rule of redaction knows it. */
export const WORD = "Plantagenet-7f3a";

/** A failed run of a user, whose question and error hold the planted word. */
export function planted(sketch: RunSketch, userId: string): Uint8Array {
  const { question = "Where is it?" } = sketch;
  const whole = sketchOf({ toolError: `timeout of ${WORD}`, ...sketch, question: `${question} ${WORD}` });
  const [root] = whole.spans;
  const attributes = { ...root.attributes, "user.id": userId };
  return otlp({ ...whole, spans: [{ ...root, attributes }] });
}

/** The same without its root, so that it stays open. */
export function plantedOpen(sketch: RunSketch, userId: string): Uint8Array {
  const whole = sketchOf({ ...sketch, question: WORD });
  const [root] = whole.spans;
  const spans = (root.children ?? []).map((span) => ({ ...span, parentSpanId: "00000000000000ff" }));
  const [first, ...others] = spans;
  if (first === undefined) throw new Error("no spans");
  const named = { ...first, attributes: { ...first.attributes, "user.id": userId } };
  return otlp({ ...whole, spans: [named, ...others] });
}

/** Files below a folder whose bytes hold one of the texts, with the texts. */
export function filesWith(folder: string, texts: readonly string[]): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (!entry.isFile()) return [];
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    return texts.filter((text) => bytes.includes(text)).map((text) => `${path}: ${text}`);
  });
}
