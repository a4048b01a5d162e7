import type { Case } from "../core/case.ts";
import { TracegateError } from "../core/errors.ts";
import { stableJson } from "../core/json.ts";
import { checkCase } from "./case-schema.ts";
import { replaceFile, withFileLock } from "./file-lock.ts";
import { findSecrets, secretMessage } from "./find-secrets.ts";
import { parseLines, readText } from "./read-dataset.ts";
import { writeCase } from "./write-case.ts";

/**
 * Changes a dataset file, alone and as a whole: two processes that do so at once lose nothing, and a crash
 * leaves the old file or the new one. Makes the file when there is none.
 *
 * Lines of cases that stay equal keep their exact bytes, so do empty lines and lines that cannot be read;
 * new cases are appended. When nothing differs the file is not touched.
 *
 * @param change Gets the readable cases and gives back those the file should have. Must not add an id twice.
 * @returns Whether bytes were written.
 * @throws TracegateError `secret` when a new or changed case holds what looks like a credential; then
 * nothing is written. `bad-input` when it is not a case.
 */
export async function updateDataset(
  path: string,
  change: (cases: readonly Case[]) => readonly Case[] | Promise<readonly Case[]>,
): Promise<{ readonly written: boolean }> {
  return withFileLock(path, async () => {
    const before = (await readText(path)) ?? "";
    const lines = parseLines(before, path);
    const old = lines.flatMap((line) => line.case ?? []);
    const wanted = new Map((await change(old)).map((one) => [one.id, one]));
    const kept = lines.flatMap((line) => {
      if (!line.case) return [line.text];
      const next = wanted.get(line.case.id);
      wanted.delete(line.case.id);
      if (!next) return [];
      return [stableJson(next) === stableJson(line.case) ? line.text : checkedLine(next, path)];
    });
    const added = [...wanted.values()].map((one) => checkedLine(one, path));
    const after = [...kept, ...added].map((text) => `${text}\n`).join("");
    if (after === before || (added.length === 0 && after === `${before}\n`)) return { written: false };
    await replaceFile(path, after);
    return { written: true };
  });
}

function checkedLine(one: Case, path: string): string {
  const [secret] = findSecrets(one);
  if (secret) throw new TracegateError("secret", secretMessage(secret, `${path}, case ${one.id}`));
  const line = writeCase(one);
  checkCase(JSON.parse(line), `${path}, case ${one.id}`);
  return line;
}
