import { createHash, timingSafeEqual } from "node:crypto";

import { TracegateError } from "../core/errors.ts";
import type { Refusal } from "./refusal.ts";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i;

/**
 * Refuses to open an unprotected port to the network.
 *
 * @throws TracegateError `config` when the host is not loopback and there is no token
 */
export function requireTokenBeyondLoopback(host: string, token: string | undefined): void {
  if (token === "") throw new TracegateError("config", "The receiver's token is empty. Set one, or none.");
  if (token !== undefined || LOOPBACK.test(host)) return;
  throw new TracegateError(
    "config",
    `The receiver may listen on ${host} only with a token, because anybody who reaches the port could write traces. Name the environment variable that holds one in receiver.tokenEnv (senders give it as "Authorization: Bearer <token>"), or listen on 127.0.0.1.`,
  );
}

/** Null when the header carries the token or none is required. Takes the same time for every wrong token. */
export function checkToken(header: string | undefined, token: string | undefined): Refusal | null {
  if (token === undefined) return null;
  const given = /^Bearer +(.+)$/i.exec(header ?? "")?.[1] ?? "";
  if (timingSafeEqual(digest(given), digest(token))) return null;
  return {
    status: 401,
    message: 'This receiver wants its token. Send it as "Authorization: Bearer <token>".',
    headers: { "WWW-Authenticate": "Bearer" },
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
