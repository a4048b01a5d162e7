import { readFileSync } from "node:fs";
import { basename } from "node:path";

import { messageOf, TracegateError } from "../core/errors.ts";

/** A document to judge by, such as a policy: a text, or a file relative to the working directory. It comes before the record. */
export type JudgeDocumentSource =
  | { readonly text: string; readonly title?: string }
  | { readonly file: string; readonly title?: string };

/** A document as a judge is shown it. */
export interface JudgeDocument {
  readonly title: string;
  readonly text: string;
}

/**
 * Reads the documents of a judge, once, when it is defined: what they say is part of what the judge is.
 *
 * @throws TracegateError `config` for a file that cannot be read, and for an empty document.
 */
export function readDocuments(
  judge: string,
  sources: readonly JudgeDocumentSource[],
): readonly JudgeDocument[] {
  return sources.map((source) => {
    const text = "text" in source ? source.text : readText(judge, source.file);
    if (text.trim() === "") {
      const which = "file" in source ? source.file : (source.title ?? "given as text");
      throw new TracegateError("config", `Judge "${judge}": the document ${which} is empty.`);
    }
    return { title: source.title ?? ("file" in source ? basename(source.file) : "Document"), text };
  });
}

function readText(judge: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new TracegateError(
      "config",
      `Judge "${judge}": the document ${file} cannot be read from ${process.cwd()}: ${messageOf(cause)}. Give a path relative to the working directory.`,
      { cause },
    );
  }
}
