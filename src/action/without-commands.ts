import { randomUUID } from "node:crypto";

/**
 * Runs `work` while the runner ignores workflow commands. The agent under test runs in this process or prints to
 * the same log, and what it prints may come from a model: `::add-mask::` or `::error::` in it must stay text. The runner obeys
 * again after a line with the same random token, which nothing else knows.
 */
export async function withoutCommands<T>(work: () => Promise<T>): Promise<T> {
  const token = randomUUID();
  process.stdout.write(`::stop-commands::${token}\n`);
  try {
    return await work();
  } finally {
    process.stdout.write(`\n::${token}::\n`);
  }
}
