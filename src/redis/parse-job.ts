import { z } from "zod";

import { TracegateError } from "../core/errors.ts";
import type { Job } from "../core/queue.ts";

/** Bytes of the OTLP in an inline job, decoded from base64, unless configured otherwise: 16 MiB. */
export const DEFAULT_INLINE_BYTES = 16 * 1024 * 1024;

const traceId = z
  .string()
  .regex(/^(?!0{32})[0-9a-f]{32}$/i, "must be 32 hex digits, not all zero")
  .transform((id) => id.toLowerCase());

const fields = {
  v: z.literal(1, "must be 1, the version of this format"),
  traceId,
  /** For jobs of tracegate itself; spans that come inline get the next revision of their trace. */
  revision: z.int("must be a whole number").min(1, "must be 1 or more").default(1),
};

const jobSchema = z.discriminatedUnion(
  "from",
  [
    z.strictObject({
      ...fields,
      from: z.literal("inline"),
      otlp: z
        .string("must be base64 of an OTLP body, protobuf or JSON")
        .regex(/^[A-Za-z0-9+/\s]+={0,2}\s*$/, "must be base64 of an OTLP body, protobuf or JSON"),
    }),
    z.strictObject({ ...fields, from: z.literal("buffer") }),
    z.strictObject({ ...fields, from: z.literal("backend") }),
    z.strictObject({ ...fields, from: z.literal("store"), scorers: z.array(z.string()).optional() }),
  ],
  'must be "inline" for jobs of other programs',
);

/**
 * Reads the data of a job, which any program may have written.
 *
 * @param data as BullMQ gives it
 * @throws TracegateError `bad-input` with the field that is wrong, or `too-large`; neither is retryable.
 */
export function parseJob(data: unknown, maxInlineBytes = DEFAULT_INLINE_BYTES): Job {
  const otlp = typeof data === "object" && data !== null ? Reflect.get(data, "otlp") : undefined;
  if (typeof otlp === "string" && otlp.length * 0.75 > maxInlineBytes + 3) {
    const message = `A job's otlp: has ${otlp.length} characters of base64; at most ${maxInlineBytes} bytes are taken inline. Send large traces to a receiver as OTLP.`;
    throw new TracegateError("too-large", message);
  }
  const parsed = jobSchema.safeParse(data);
  if (parsed.success) return withoutUndefined(parsed.data);
  const wrong = parsed.error.issues.map(sentenceOf).join("; ");
  const message = `A job cannot be read: ${wrong}. docs/queue.md says what a job looks like.`;
  throw new TracegateError("bad-input", message);
}

function withoutUndefined(job: z.output<typeof jobSchema>): Job {
  if (job.from !== "store") return job;
  const { scorers, ...rest } = job;
  return scorers === undefined ? rest : { ...rest, scorers };
}

function sentenceOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") return `${issue.keys.join(", ")}: not a field of a job`;
  const message =
    issue.code === "invalid_type" && /undefined$/.test(issue.message) ? "is missing" : issue.message;
  return `${issue.path.join(".") || "the data"}: ${message}`;
}

/** The job in data that was checked before; of an unreadable one as much as {@link shownJob} makes of it. */
export function readableJob(data: unknown, id: string): Job {
  try {
    return parseJob(data, Number.POSITIVE_INFINITY);
  } catch {
    return shownJob(data, id);
  }
}

/**
 * As much of an unreadable job as can be shown to a person: who it was about, if it says so.
 *
 * @param id BullMQ's name of it
 */
function shownJob(data: unknown, id: string): Job {
  const given = typeof data === "object" && data !== null ? Reflect.get(data, "traceId") : undefined;
  return { v: 1, traceId: typeof given === "string" ? given.slice(0, 64) : id, revision: 1, from: "inline" };
}
