import { makeRedactor, type Redactions } from "../datasets/redact.ts";
import { rewriteTexts } from "../otlp/rewrite-texts.ts";

/** Spans without personal data and credentials, and what was replaced. */
export interface RedactedSpans {
  readonly bytes: Uint8Array;
  readonly redactions: Redactions;
}

/**
 * OTLP `TracesData` of one trace with its texts redacted, by the rules that hold for git; ids stay, see `RedactorOptions` for those
 * of users. The same bytes where there is nothing to redact.
 *
 * @param hasMarks spans of an earlier revision are among them, whose marks must not come to mean something else
 * @throws TracegateError `bad-input` for bytes that are not `TracesData`.
 */
export function redactSpans(bytes: Uint8Array, { hasMarks = false } = {}): RedactedSpans {
  const redactor = makeRedactor({ credentials: true, pseudonyms: true });
  if (hasMarks) redactor.reserve(Buffer.from(bytes).toString("latin1"));
  const redacted = rewriteTexts(bytes, (text, key) => redactor.redactText(text, key));
  return { bytes: redacted, redactions: redactor.counts() };
}
