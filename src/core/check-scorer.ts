import { TracegateError } from "./errors.ts";

/** Names of scorers: kebab-case, because they become parts of attribute names. */
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * Checks what every scorer declares, for the makers of scorers.
 *
 * @throws TracegateError `config`, naming the scorer, the value and what would be right.
 */
export function checkScorer(name: string, version: string, passAt: number): void {
  if (!NAME.test(name)) {
    throw new TracegateError(
      "config",
      `Scorer name ${JSON.stringify(name)} is not kebab-case. Use lower-case letters, digits and single hyphens, e.g. "no-failed-tools".`,
    );
  }
  if (version.trim() === "") {
    throw new TracegateError("config", `Scorer "${name}": version must not be empty. Leave it out for "1".`);
  }
  if (!(passAt >= 0 && passAt <= 1)) {
    throw new TracegateError("config", `Scorer "${name}": passAt must be from 0 to 1, got ${passAt}.`);
  }
}
