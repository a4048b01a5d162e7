import { z } from "zod";

import { type JsonObject, parseJson } from "../core/json.ts";

/** What a judge writes, before anything is known about its label. */
export interface WrittenAnswer {
  readonly rationale: string;
  readonly evidence: readonly string[];
  readonly label: string;
}

/** Name of the schema in requests; the number changes with its shape. */
export const ANSWER_SCHEMA_NAME = "answer_1";

/**
 * Models write fields in the order of the schema, so the reasons come before the label: a label given first
 * would have to be defended afterwards.
 */
function answerSchema(labels: readonly string[]) {
  return z.strictObject({
    rationale: z.string().describe("One or two sentences: what in the record decides the question."),
    evidence: z.array(z.string()).describe("Span ids of the steps that show it; empty when none does."),
    label: z.enum(labels).describe("The answer."),
  });
}

/** The JSON Schema sent to a provider; strict: every field required, nothing else allowed. */
export function answerJsonSchema(labels: readonly string[]): JsonObject {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(answerSchema(labels));
  // A JSON Schema is JSON by definition; writing and reading it turns the library's type into ours.
  return { ...JSON.parse(JSON.stringify(schema)) };
}

/** The answer in a model's text, or a sentence that says how it breaks the schema. */
export function readAnswer(text: string, labels: readonly string[]): WrittenAnswer | string {
  const value = parseJson(text);
  if (value === undefined) return "it is not JSON";
  const parsed = answerSchema(labels).safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return issue === undefined ? "it breaks the schema" : `${issue.path.join(".") || "it"}: ${issue.message}`;
}
