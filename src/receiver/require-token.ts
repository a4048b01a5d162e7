import { createHash, timingSafeEqual } from "node:crypto";

import { TracegateError } from "../core/errors.ts";
import type { Refusal } from "./refusal.ts";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i;

/**
 * Refuses to open an unprotected port to the network.
 *
 * @param key what the configuration calls what listens there
 * @throws TracegateError `config` when the host is not loopback and there is no token
 */
export function requireTokenBeyondLoopback(
  host: string,
  token: string | undefined,
  key: "receiver" | "server" = "receiver",
): void {
  if (token === "") throw new TracegateError("config", `The ${key}'s token is empty. Set one, or none.`);
  if (token !== undefined || LOOPBACK.test(host)) return;
  throw new TracegateError(
    "config",
    `The ${key} may listen on ${host} only with a token, because anybody who reaches the port could ${key === "server" ? "read" : "write"} traces. Name the environment variable that holds one in ${key}.tokenEnv (${key === "server" ? "scrapers" : "senders"} give it as "Authorization: Bearer <token>"), or listen on 127.0.0.1.`,
  );
}

/** What a sender shows, from headers or gRPC metadata. */
export interface Credentials {
  readonly authorization: string | undefined;
  /** `x-api-key`, which LangSmith's clients send. */
  readonly apiKey: string | undefined;
}

/**
 * Null when the token is shown or none is required. Besides `Bearer <token>` it may be the password of Basic
 * authorization, which Langfuse's clients send, or the API key. Takes the same time for every wrong token.
 */
export function checkToken(shown: Credentials, token: string | undefined): Refusal | null {
  if (token === undefined) return null;
  const wanted = digest(token);
  const given = [bearerIn(shown.authorization), passwordIn(shown.authorization), shown.apiKey ?? ""];
  if (given.map((text) => timingSafeEqual(digest(text), wanted)).includes(true)) return null;
  return {
    status: 401,
    message:
      'This receiver wants its token. Send it as "Authorization: Bearer <token>", as the password of Basic authorization, or as x-api-key.',
    headers: { "WWW-Authenticate": "Bearer" },
  };
}

function bearerIn(header: string | undefined): string {
  return /^Bearer +(.+)$/i.exec(header ?? "")?.[1] ?? "";
}

/** RFC 7617: everything behind the first colon. */
function passwordIn(header: string | undefined): string {
  const encoded = /^Basic +(.+)$/i.exec(header ?? "")?.[1] ?? "";
  return /^[^:]*:(.*)$/s.exec(Buffer.from(encoded, "base64").toString("utf8"))?.[1] ?? "";
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
