import { open } from "node:fs/promises";
import { info, setOutput, summary } from "@actions/core";
import { messageOf, TracegateError } from "../core/errors.ts";
import { parseJson } from "../core/json.ts";
import { attempt } from "../github/attempt.ts";
import { openClient } from "../github/client.ts";
import { readPlace } from "../github/run-place.ts";
import { findPullRequest, readTriggeringRun } from "../github/triggering-run.ts";
import { escapeLog, escapeMarkdown } from "./escape.ts";
import type { Inputs } from "./inputs.ts";
import { type PublishedReport, reportSchema } from "./report-schema.ts";
import { gateKey, tellGitHub } from "./tell-github.ts";

/** A larger file is no report that a comment could be made of. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Comments on a pull request with the report of another run, in a `workflow_run` workflow: the second half of a gate on changes from
 * forks. The file is the word of the change's author: it is only read, checked against the schema and escaped; nothing of
 * it is run, and the pull request is the one that GitHub names. There is no check, because a forged one could open a protected branch.
 *
 * @returns the exit code: 0 also when no comment could be written, for then the first workflow has told everything already.
 * @throws TracegateError `usage` when another event started the workflow; `bad-input` when the file is no report.
 */
export async function publishReport(
  path: string,
  options: { readonly inputs: Inputs; readonly environment: NodeJS.ProcessEnv },
): Promise<number> {
  const { inputs, environment } = options;
  const run = readTriggeringRun();
  const { repository } = readPlace(environment);
  if (!run || !repository) {
    throw new TracegateError(
      "usage",
      "The input publish is for workflows that on: workflow_run starts; it comments with the report of the run that ended. Leave it out elsewhere.",
    );
  }
  const report = await readPublished(path);
  const { token } = inputs;
  if (!token) return say(["No token was given, so there is no comment."], environment);
  const found = await attempt((signal) => findPullRequest(openClient(token), { repository, run, signal }));
  if (!found.done) return say([`The pull request could not be looked up: ${found.message}.`], environment);
  if (found.value === undefined) {
    return say(
      ["No open pull request has this commit as its head, so there is nothing to comment on."],
      environment,
    );
  }
  const told = await tellGitHub({
    report,
    inputs: { ...inputs, comment: true, check: false },
    event: {
      name: "workflow_run",
      kind: "change",
      pullRequest: found.value,
      headCommit: run.headCommit,
      fromFork: run.headOwner !== repository.owner,
    },
    place: { repository, ...(run.url ? { runUrl: run.url } : {}) },
    key: gateKey({ ...inputs, folder: "" }),
    limit: null,
  });
  setOutput("comment-url", told.commentUrl ?? "");
  return say(told.sentences, environment);
}

async function readPublished(path: string): Promise<PublishedReport> {
  const name = JSON.stringify(path);
  const bad = (reason: string, cause?: unknown) =>
    new TracegateError("bad-input", `${name}: ${reason}. Give the file of the output report.`, { cause });
  const text = await readLimited(path).catch((cause: unknown) => {
    throw bad(messageOf(cause), cause);
  });
  const read = reportSchema.safeParse(parseJson(text));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw bad(`not a report (${issue?.path.join(".")}: ${issue?.message})`);
}

async function readLimited(path: string): Promise<string> {
  await using file = await open(path);
  const { size } = await file.stat();
  if (size > MAX_BYTES) throw new Error(`the file has ${size} bytes, more than ${MAX_BYTES}`);
  return file.readFile("utf8");
}

async function say(sentences: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  for (const sentence of sentences) info(escapeLog(sentence, 1000));
  if (environment.GITHUB_STEP_SUMMARY && sentences.length > 0) {
    const text = sentences.map((sentence) => `- ${escapeMarkdown(sentence, 1000)}\n`).join("");
    await summary.addRaw(text).write();
  }
  return 0;
}
