import { z } from "zod";

import type { Case } from "../core/case.ts";
import { TracegateError } from "../core/errors.ts";
import { type JsonValue, parseJson } from "../core/json.ts";
import { type FinishReason, type Message, type Part, textMessage } from "../core/message.ts";

const text = z.string();
/** A key that may be absent. `z.json()` is slow to find that out: it fails in every branch of its union first, for every line. */
const json = z.custom<JsonValue>((value) => value === undefined || isJson(value), "must be JSON");

const part = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text"), content: text }),
  z.strictObject({ type: z.literal("reasoning"), content: text }),
  z.strictObject({
    type: z.literal("tool_call"),
    id: text.exactOptional(),
    name: text,
    arguments: json.exactOptional(),
  }),
  z.strictObject({
    type: z.literal("tool_result"),
    id: text.exactOptional(),
    name: text.exactOptional(),
    result: json.exactOptional(),
  }),
  z.strictObject({
    type: z.literal("media"),
    modality: text,
    mimeType: text.exactOptional(),
    uri: text.exactOptional(),
  }),
  z.strictObject({ type: z.literal("other"), value: z.json() }),
]) satisfies z.ZodType<Part>;

const role = z.string().min(1);

/** Why a model stopped. */
export const finishReasonSchema = z.enum([
  "stop",
  "length",
  "tool_call",
  "content_filter",
  "error",
  "other",
]) satisfies z.ZodType<FinishReason>;

/** One message with its parts. */
export const messageSchema = z.strictObject({
  role,
  name: text.exactOptional(),
  parts: z.array(part),
  finishReason: finishReasonSchema.exactOptional(),
});

/** `{role, content: "text"}`, for cases written by hand. */
const shortMessage = z
  .strictObject({ role, content: text })
  .transform(({ role, content }): Message => textMessage(role, content));

const messages = z
  .array(z.unknown())
  .nonempty("must have at least one message")
  .transform((values, context): Message[] =>
    values.flatMap((value, index) => {
      const short = typeof value === "object" && value !== null && "content" in value;
      const read = (short ? shortMessage : messageSchema).safeParse(value);
      if (read.success) return [read.data];
      for (const { path, message } of read.error.issues) {
        context.issues.push({ code: "custom", path: [index, ...path], message, input: value });
      }
      return [];
    }),
  );

const input = z
  .unknown()
  .transform((value) => (typeof value === "string" ? { messages: [textMessage("user", value)] } : value))
  .pipe(z.strictObject({ messages }));

const condemnation = z.strictObject({
  scorer: text,
  version: text,
  value: z.number(),
  label: text.nullable(),
  explanation: text.nullable(),
});

const source = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("written"), note: text.exactOptional() }),
  z.strictObject({
    kind: z.literal("trace"),
    traceId: text,
    endedAt: z.iso.datetime(),
    service: text.exactOptional(),
    agent: text.exactOptional(),
    agentVersion: text.exactOptional(),
    answer: text.exactOptional(),
    condemned: z.array(condemnation),
  }),
]);

const review = z.strictObject({
  decision: z.enum(["accepted", "rejected", "retired"]),
  by: text.exactOptional(),
  at: z.iso.datetime().exactOptional(),
  note: text.exactOptional(),
});

/**
 * One line of a dataset. For cases written by hand: `input` may be the user's text or messages with
 * `content`; `mustPass` left out or empty means every scorer that may block; `tags` and `source` may be
 * left out.
 */
export const caseSchema = z.strictObject({
  v: z.literal(1, "must be 1, the version of this format").default(1),
  id: z
    .string()
    .regex(
      /^[\w.:-]{1,128}$/,
      "must be 1 to 128 letters, digits or any of . _ : - (it becomes part of a URL)",
    ),
  input,
  expected: json.exactOptional(),
  mustPass: z.array(z.string().min(1)).default([]),
  tags: z.array(text).default([]),
  source: source.default({ kind: "written" }),
  review: review.exactOptional(),
  recording: z
    .string()
    .regex(/^[0-9a-f]{8,64}$/, "must be the hash in the name of a file in the recordings folder")
    .exactOptional(),
});

/**
 * Reads one line of a dataset into a canonical case.
 *
 * @param where File and line, for the message.
 * @throws TracegateError `bad-input` that names the place, the path and the remedy.
 */
export function parseCase(line: string, where: string): Case {
  const value = parseJson(line);
  if (value === undefined) {
    throw new TracegateError(
      "bad-input",
      `${where}: this line is not JSON. Each line must hold one whole case; look for a cut line or a merge conflict.`,
    );
  }
  return checkCase(value, where);
}

/** As {@link parseCase}, for a value that is parsed already. */
export function checkCase(value: unknown, where: string): Case {
  const read = caseSchema.safeParse(value);
  if (read.success) return read.data;
  throw new TracegateError("bad-input", `${where}: ${read.error.issues.map(describe).join("; ")}.`);
}

function isJson(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.values(value).every(isJson);
  if (typeof value === "number") return Number.isFinite(value);
  return value === null || typeof value === "string" || typeof value === "boolean";
}

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    const keys = issue.keys.map((key) => [...issue.path.map(String), key].join(".")).join(", ");
    return `unknown key ${keys} (remove it, or look for a spelling mistake)`;
  }
  return path === "" ? issue.message : `${path}: ${issue.message}`;
}
