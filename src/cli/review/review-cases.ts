import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import type { Case } from "../../core/case.ts";
import { messageOf, TracegateError } from "../../core/errors.ts";
import { checkCase } from "../../datasets/case-schema.ts";
import { readDataset } from "../../datasets/read-dataset.ts";
import { acceptCase, rejectCase } from "../../datasets/review.ts";
import { updateDataset } from "../../datasets/write-dataset.ts";
import { note } from "../print/output.ts";
import { plain } from "../print/plain.ts";
import type { Session } from "../session.ts";
import { caseText } from "./case-text.ts";
import { gitUser } from "./git-user.ts";
import { type KeyReader, readKeys } from "./read-keys.ts";

/** What a review came to, in cases. */
export interface ReviewResult {
  readonly accepted: number;
  readonly rejected: number;
  readonly edited: number;
  readonly left: number;
}

/** Options of {@link reviewCases}. */
export interface ReviewOptions {
  readonly session: Session;
  /** Dataset file. */
  readonly path: string;
  readonly acceptAll: boolean;
  readonly by: string | undefined;
}

const KEYS = "a accept · r reject · e edit · s skip · q quit";

/** Walks through the cases nobody has looked at. */
export async function reviewCases(options: ReviewOptions): Promise<ReviewResult> {
  const path = resolve(options.session.cwd, options.path);
  const { dataset, problems } = await readDataset(path);
  for (const problem of problems) note(plain(problem.message));
  const waiting = dataset.cases.filter((one) => one.review === undefined);
  const reviewer = () => ({ at: Date.now(), ...withName(options.by ?? gitUser(options.session.cwd)) });
  const tally = { accepted: 0, rejected: 0, edited: 0 };
  if (options.acceptAll) {
    const ids = new Set(waiting.map((one) => one.id));
    await updateDataset(path, (cases) =>
      cases.map((one) => (ids.has(one.id) ? acceptCase(one, reviewer()) : one)),
    );
    return { ...tally, accepted: waiting.length, left: 0 };
  }
  if (waiting.length === 0) return { ...tally, left: 0 };
  const keys = readKeys(options.session.signal);
  try {
    for (const [index, one] of waiting.entries()) {
      note(`\n${index + 1} of ${waiting.length}\n${caseText(one)}\n${KEYS}`);
      if ((await decide(one, path, keys, reviewer, tally)) === "quit") break;
    }
  } finally {
    keys.close();
  }
  return { ...tally, left: waiting.length - tally.accepted - tally.rejected };
}

type Tally = { accepted: number; rejected: number; edited: number };

async function decide(
  one: Case,
  path: string,
  keys: KeyReader,
  reviewer: () => { at: number; by?: string },
  tally: Tally,
): Promise<"next" | "quit"> {
  let current = one;
  for (;;) {
    switch (await keys.next()) {
      case "a":
        await replace(path, acceptCase(current, reviewer()));
        tally.accepted += 1;
        return "next";
      case "r":
        await replace(path, rejectCase(current, reviewer()));
        tally.rejected += 1;
        return "next";
      case "e": {
        const edited = edit(current, keys);
        if (edited) {
          current = edited;
          tally.edited += 1;
          await replace(path, current);
          note(`${caseText(current)}\n${KEYS}`);
        }
        break;
      }
      case "s":
        return "next";
      case "q":
      case null:
        return "quit";
      default:
        note(KEYS);
    }
  }
}

async function replace(path: string, changed: Case): Promise<void> {
  await updateDataset(path, (cases) => cases.map((one) => (one.id === changed.id ? changed : one)));
}

function edit(one: Case, keys: KeyReader): Case | undefined {
  const folder = mkdtempSync(join(tmpdir(), "tracegate-review-"));
  const file = join(folder, `${one.id}.json`);
  try {
    writeFileSync(file, `${JSON.stringify(one, null, 2)}\n`, { mode: 0o600 });
    const editor = process.env.VISUAL || process.env.EDITOR || "vi";
    keys.pause();
    // A shell, because EDITOR may hold arguments ("code --wait"); the file name is ours, not the trace's.
    const { status, error } = spawnSync(`${editor} "$TRACEGATE_CASE_FILE"`, {
      shell: true,
      stdio: "inherit",
      env: { ...process.env, TRACEGATE_CASE_FILE: file },
    });
    keys.resume();
    if (error || status !== 0)
      throw new TracegateError("unavailable", `The editor "${editor}" failed. Set EDITOR.`);
    const edited = checkCase(JSON.parse(readFileSync(file, "utf8")), `case ${one.id}`);
    if (edited.id !== one.id) throw new TracegateError("bad-input", "The id of a case cannot be changed.");
    return edited;
  } catch (error) {
    note(plain(`Not changed: ${messageOf(error)}`));
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function withName(by: string | undefined): { by?: string } {
  return by === undefined ? {} : { by };
}
