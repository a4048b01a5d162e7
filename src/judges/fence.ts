import { createHmac, randomBytes } from "node:crypto";

import { type Defence, holds } from "./defences.ts";

/**
 * Key of the fence's nonce, new in every process. The nonce follows from the content and this key: whoever
 * wrote the trace knows neither, and a nonce seen once is of no use, because text that contains it gets another.
 */
const FENCE_KEY = randomBytes(32);

const OPENING = /^<<trace ([0-9a-f]{16})>>\n/;

/** What stands in for the nonce where content is compared or hashed. */
const PLACEHOLDER = "nonce";

/**
 * Puts untrusted text between two marks that it cannot forge, and says after it what it is.
 *
 * @param reminder follows the block; `{nonce}` in it is filled in.
 * @param without for tests: the defence that is switched off.
 */
export function fence(untrusted: string, reminder: string, without?: Defence): string {
  const key = holds("nonce", without) ? FENCE_KEY : "known to everybody";
  const signed = holds("nonce", without) ? untrusted : "";
  const nonce = createHmac("sha256", key).update(signed).digest("hex").slice(0, 16);
  const block = `<<trace ${nonce}>>\n${untrusted}\n<<end of trace ${nonce}>>`;
  return holds("reminder", without) ? `${block}\n\n${reminder.replaceAll("{nonce}", nonce)}` : block;
}

/**
 * The content with a placeholder for its nonce, so that the same question has the same key in every process.
 * Content without our fence is returned as it is.
 */
export function withoutNonce(content: string): string {
  const nonce = OPENING.exec(content)?.[1];
  return nonce === undefined ? content : content.replaceAll(nonce, PLACEHOLDER);
}
