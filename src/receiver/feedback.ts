import type { IncomingMessage } from "node:http";
import { z } from "zod";

import { TracegateError } from "../core/errors.ts";
import { TRACE_ID } from "../core/ids.ts";
import { parseJson } from "../core/json.ts";
import type { Label } from "../core/label.ts";
import { readBody } from "./read-body.ts";
import { type Refusal, refusalOf } from "./refusal.ts";
import { type IngestSetting, openClaim } from "./take-export.ts";

/** Bytes of one request; a thousand comments fit. */
const MOST_BYTES = 1024 * 1024;
const MOST_ITEMS = 1_000;

const item = z.strictObject({
  /** The trace that the answer came from. */
  traceId: z
    .string()
    .transform((id) => id.toLowerCase())
    .pipe(z.string().regex(TRACE_ID, "must be 32 hex digits")),
  /** Thumbs; `passed` says the same as a boolean. */
  rating: z.enum(["up", "down"]).exactOptional(),
  passed: z.boolean().exactOptional(),
  /** The question that is answered. Default `user-feedback`. */
  scorer: z.string().min(1).max(200).default("user-feedback"),
  /** Who says so; of one user about one trace the last word counts. Default `user`. */
  user: z.string().min(1).max(200).default("user"),
  comment: z.string().max(4_000).exactOptional(),
  /** When it was said, ISO 8601 or Unix ms. Default: now. */
  at: z
    .union([
      z.number().int().nonnegative(),
      z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
    ])
    .exactOptional(),
});

const items = z.array(item).min(1).max(MOST_ITEMS);

/**
 * Takes `POST /v1/feedback`: thumbs of an application's users, one object or an array of at most 1,000. All are kept
 * or none; the trace need not have arrived. Sending the same again changes nothing.
 *
 * @param save durable when it resolves.
 * @returns the number of labels kept, or why none was.
 */
export async function takeFeedback(
  incoming: IncomingMessage,
  save: (labels: readonly Label[]) => Promise<void>,
  setting: Pick<IngestSetting, "budget" | "clock" | "onFault">,
): Promise<number | Refusal> {
  const { budget, clock, onFault } = setting;
  const claim = openClaim(budget);
  try {
    const bytes = await readBody(incoming, { bodyBytes: MOST_BYTES, wireBytes: MOST_BYTES }, claim);
    const labels = parse(Buffer.from(bytes).toString(), clock.now());
    await save(labels);
    return labels.length;
  } catch (error) {
    const refusal = refusalOf(error, clock.now());
    if (refusal.status >= 500) onFault?.(error);
    return refusal;
  } finally {
    claim.release();
  }
}

function parse(text: string, now: number): readonly Label[] {
  const value = parseJson(text);
  if (value === undefined) throw bad("the body is not JSON");
  const isList = Array.isArray(value);
  const parsed = items.safeParse(isList ? value : [value]);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.slice(isList ? 0 : 1).join(".");
    throw bad(`${where ? `${where}: ` : ""}${issue?.message ?? "it is not feedback"}`);
  }
  return parsed.data.map((one, index) => labelOf(one, index, now));
}

function labelOf(one: z.infer<typeof item>, index: number, now: number): Label {
  const { traceId, scorer, user, rating, passed, comment, at } = one;
  if ((rating === undefined) === (passed === undefined)) {
    throw bad(`item ${index + 1}: say either rating ("up" or "down") or passed (true or false)`);
  }
  return {
    v: 1,
    traceId,
    scorer,
    passed: passed ?? rating === "up",
    reviewer: user,
    source: "feedback",
    at: at ?? now,
    ...(comment !== undefined && { note: comment }),
  };
}

function bad(what: string): TracegateError {
  return new TracegateError(
    "bad-input",
    `Feedback was not taken: ${what}. E.g. {"traceId": "4bf92f3577b34da6a3ce929d0e0e4736", "rating": "down", "comment": "wrong date"}.`,
  );
}
