import { readFile } from "node:fs/promises";
import { basename } from "node:path";

import type { Case, Dataset } from "../core/case.ts";
import { messageOf, TracegateError } from "../core/errors.ts";
import { parseCase } from "./case-schema.ts";

/** A line that could not be read, or that repeats an id; the rest of the file was read. */
export interface DatasetProblem {
  /** Counted from 1. */
  readonly line: number;
  /** File, line, what is wrong and what to do. */
  readonly message: string;
}

/** One line of a dataset file. */
export interface DatasetLine {
  /** The exact text, without its line break. */
  readonly text: string;
  /** Null for an empty line and for one with a problem. */
  readonly case: Case | null;
  readonly problem: DatasetProblem | null;
}

/**
 * Reads a dataset, JSON lines. What cannot be read is returned as a problem, never dropped silently.
 *
 * @throws TracegateError `not-found` when there is no such file.
 */
export async function readDataset(
  path: string,
): Promise<{ readonly dataset: Dataset; readonly problems: readonly DatasetProblem[] }> {
  const content = await readText(path);
  if (content === null) {
    throw new TracegateError(
      "not-found",
      `${path}: there is no such dataset. Harvest failures into it, or write the first case by hand.`,
    );
  }
  const lines = parseLines(content, path);
  const cases = lines.flatMap((line) => line.case ?? []);
  return {
    dataset: { name: basename(path).replace(/\.jsonl$/, ""), path, cases },
    problems: lines.flatMap((line) => line.problem ?? []),
  };
}

/** The lines of a dataset's text. The first case of an id is the one that counts. */
export function parseLines(content: string, path: string): readonly DatasetLine[] {
  if (content === "") return [];
  const firstLine = new Map<string, number>();
  const texts = (content.endsWith("\n") ? content.slice(0, -1) : content).split("\n");
  return texts.map((text, index) => {
    const line = index + 1;
    const problem = (message: string): DatasetLine => ({ text, case: null, problem: { line, message } });
    if (text.trim() === "") return { text, case: null, problem: null };
    try {
      const one = parseCase(text, `${path}:${line}`);
      const first = firstLine.get(one.id);
      if (first !== undefined) {
        return problem(
          `${path}:${line}: the id ${one.id} is already on line ${first}. Give one of them another id, or delete it.`,
        );
      }
      firstLine.set(one.id, line);
      return { text, case: one, problem: null };
    } catch (error) {
      return problem(messageOf(error));
    }
  });
}

/** A file's text; null when it is not there. */
export async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return null;
    throw new TracegateError("bad-input", `${path} cannot be read: ${messageOf(cause)}. Check the path.`, {
      cause,
    });
  }
}

/** The `code` of a file system error. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
