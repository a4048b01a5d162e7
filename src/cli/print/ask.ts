import { createInterface } from "node:readline/promises";

/**
 * Asks a yes-or-no question on the terminal. Without a terminal nobody can answer: that is a no.
 *
 * @param signal Ends the wait; that is a no, too.
 */
export async function confirmed(question: string, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    return false;
  } finally {
    lines.close();
  }
}
