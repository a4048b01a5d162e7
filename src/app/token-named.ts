import { TracegateError } from "../core/errors.ts";
import type { Environment } from "./equipment.ts";

/**
 * The token that a variable of the environment holds.
 *
 * @param key of the configuration that names the variable, for the message
 * @throws TracegateError `config` when it is named and not set
 */
export function tokenNamed(
  key: string,
  name: string | undefined,
  environment: Environment,
): string | undefined {
  if (name === undefined) return undefined;
  const token = environment[name];
  if (token) return token;
  throw new TracegateError(
    "config",
    `${key} names ${name}, which is not set. Set it to the token that ${key === "server.tokenEnv" ? "scrapers" : "senders"} show.`,
  );
}
