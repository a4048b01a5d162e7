import { messageOf, TracegateError } from "../core/errors.ts";

/** What a code of PostgreSQL (SQLSTATE) means for us. The list: PostgreSQL's manual, appendix A. */
const REFUSED = new Map([
  ["28P01", "the password is wrong"],
  ["28000", "this user, address or database is not let in"],
  ["3D000", "there is no such database"],
  ["42501", "the user lacks a permission"],
]);
/** Of a server that ends or begins, in words. */
const SHUT: { readonly [code: string]: string } = {
  "57P01": "it was shut down",
  "57P02": "it crashed",
  "57P03": "it is starting or stopping",
};
/** Away, full, out of connections, or in each other's way; the same work may be done later. */
const PASSING = /^(?:08|53|57P|58)|^(?:40001|40P01|55P03|57014|25006)$/;
/**
 * Errors of sockets, and what `pg` says of a connection that is gone. One that we closed ourselves, too: what was under way in a
 * process that stops is for another process to do, and no fault of the work.
 */
const LOST =
  /^E(?:CONN|PIPE|HOST|NET|TIMEDOUT|AI_AGAIN|NOTFOUND|NOENT)|connection (?:terminated|timeout|ended|error)|not queryable|pool after calling end|timeout exceeded|read timeout/i;

/** True when the same work may succeed later, on another connection. */
export function mayPass(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined && /^[0-9A-Z]{5}$/.test(code)) return PASSING.test(code);
  return LOST.test(code ?? "") || LOST.test(messageOf(error)) || error instanceof AggregateError;
}

/**
 * True when nobody is there to do anything, or it is shutting down or starting. A violation of the protocol (08P01) and a statement
 * without an answer in time are none: the statement may be why.
 */
function isAway(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined && /^[0-9A-Z]{5}$/.test(code)) return /^(?:08(?!P01)|57P0[123])/.test(code);
  return mayPass(error) && !/read timeout/i.test(messageOf(error));
}

/** The fault of a statement, as one of ours. */
export function postgresFault(address: string, error: unknown): unknown {
  if (error instanceof TracegateError) return error;
  if (isAway(error)) {
    const code = codeOf(error);
    const reason = SHUT[code ?? ""] ?? reasonOf(error);
    const message = `PostgreSQL at ${address} does not answer (${reason}). What needs it is tried again; see whether PostgreSQL runs there.`;
    const away = { service: "PostgreSQL", address, reason } as const;
    return new TracegateError("unavailable", message, { retryable: true, away, cause: error });
  }
  if (mayPass(error)) {
    const message = `PostgreSQL at ${address} did not do what it was asked (${reasonOf(error)}). It is tried again; check that it runs, takes connections and has disk space left.`;
    return new TracegateError("unavailable", message, { retryable: true, cause: error });
  }
  return refusal(address, error) ?? error;
}

/** Why a store cannot be opened, as one of ours. */
export function openingFault(address: string, error: unknown): unknown {
  if (error instanceof TracegateError) return error;
  const refused = refusal(address, error);
  if (refused || !mayPass(error)) return refused ?? error;
  const message = `PostgreSQL at ${address} does not answer (${reasonOf(error)}). Start PostgreSQL there, or correct DATABASE_URL; \`tracegate up\` needs no database when it is unset.`;
  return new TracegateError("unavailable", message, { retryable: true, cause: error });
}

/**
 * `host:port/database` of an address; user and password must never reach a message.
 *
 * @throws TracegateError `config` when it is no address of PostgreSQL.
 */
export function addressOf(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null || !["postgres:", "postgresql:"].includes(parsed.protocol)) {
    throw new TracegateError(
      "config",
      "DATABASE_URL is not an address of PostgreSQL. Write it as postgres://user:password@host:5432/database.",
    );
  }
  const host = parsed.hostname || (parsed.searchParams.get("host") ?? "localhost");
  return `${host}:${parsed.port || "5432"}${parsed.pathname}`;
}

function refusal(address: string, error: unknown): TracegateError | null {
  const why = REFUSED.get(codeOf(error) ?? "");
  if (why === undefined) return null;
  const message = `PostgreSQL at ${address} refused us: ${why}. Correct user, password or database in DATABASE_URL, or its permissions there.`;
  return new TracegateError("refused", message, { cause: error });
}

/** Codes say enough; messages of the server may hold values of a statement. */
function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code !== undefined) return code;
  return error instanceof AggregateError ? "no connection" : messageOf(error);
}

function codeOf(error: unknown): string | undefined {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  if (error instanceof AggregateError) return error.errors.map(codeOf).find((code) => code !== undefined);
  return undefined;
}
