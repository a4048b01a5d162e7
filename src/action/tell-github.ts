import { type Attempt, attempt } from "../github/attempt.ts";
import { type Client, openClient } from "../github/client.ts";
import { createCheck } from "../github/create-check.ts";
import type { WorkflowEvent } from "../github/event.ts";
import type { RunPlace } from "../github/run-place.ts";
import { upsertComment } from "../github/upsert-comment.ts";
import { commentOf } from "./comment.ts";
import { conclude } from "./conclusion.ts";
import { oneLine } from "./escape.ts";
import type { Inputs } from "./inputs.ts";
import type { PublishedReport } from "./report-schema.ts";

/** What is told, and where. */
export interface Telling {
  readonly report: PublishedReport;
  readonly inputs: Pick<Inputs, "token" | "comment" | "check" | "mode">;
  readonly event: WorkflowEvent;
  readonly place: RunPlace;
  /** Tells the comments and checks of several gates apart; see {@link gateKey}. */
  readonly key: string;
  /** Evidence at which the gate blocks; null: not known. */
  readonly limit: number | null;
}

/** What became of it: addresses, and a sentence for everything that was wanted and could not be done. */
export interface Told {
  readonly commentUrl?: string;
  readonly checkUrl?: string;
  readonly sentences: readonly string[];
}

/**
 * Writes the comment on the pull request and the check on the head commit, as far as the token may. Never throws and takes
 * forty seconds at the most: verdict and summary must not depend on it.
 */
export async function tellGitHub(telling: Telling): Promise<Told> {
  const { inputs, event, place } = telling;
  const wantsComment = inputs.comment && event.pullRequest !== undefined;
  const wantsCheck = inputs.check && event.headCommit !== "";
  if (!(wantsComment || wantsCheck) || !place.repository) return { sentences: [] };
  if (event.fromFork && event.name === "pull_request") {
    return {
      sentences: [
        "A change from a fork gets no rights to write, so there is no comment and no check. A second workflow can comment: see docs/action.md.",
      ],
    };
  }
  if (!inputs.token) return { sentences: ["No token was given, so there is no comment and no check."] };
  const client = openClient(inputs.token);
  const comment = wantsComment ? await tell(client, telling, writeComment) : undefined;
  const check = wantsCheck ? await tell(client, telling, writeCheck) : undefined;
  return {
    ...(comment?.done ? { commentUrl: comment.value } : {}),
    ...(check?.done ? { checkUrl: check.value } : {}),
    sentences: [
      ...failure(comment, "comment on the pull request", "pull-requests: write"),
      ...failure(check, "check on the commit", "checks: write"),
    ],
  };
}

/** Name of the gate among several in one repository: what sets it apart, or nothing. */
export function gateKey(inputs: Pick<Inputs, "config" | "dataset"> & { readonly folder: string }): string {
  return [inputs.folder, inputs.config, inputs.dataset].filter(Boolean).join(" ");
}

type Work = (client: Client, telling: Telling, signal: AbortSignal) => Promise<string>;

function tell(client: Client, telling: Telling, work: Work): Promise<Attempt<string>> {
  return attempt((signal) => work(client, telling, signal));
}

const writeComment: Work = (client, telling, signal) => {
  const { report, event, place, key, limit } = telling;
  const { repository = { owner: "", name: "" }, runUrl } = place;
  const body = commentOf(report, { ...event, limit }, runUrl);
  return upsertComment(client, { repository, pullRequest: event.pullRequest ?? 0, key, body, signal });
};

const writeCheck: Work = (client, telling, signal) => {
  const { report, event, inputs, place, key, limit } = telling;
  const { repository = { owner: "", name: "" }, runUrl } = place;
  return createCheck(client, {
    repository,
    headCommit: event.headCommit,
    name: key ? `tracegate (${key})` : "tracegate",
    conclusion: conclude(report.verdict.status, inputs.mode).check,
    title: oneLine(report.verdict.title, 200),
    summary: commentOf(report, { ...event, limit }, runUrl),
    ...(runUrl ? { detailsUrl: runUrl } : {}),
    signal,
  });
};

function failure(result: Attempt<string> | undefined, what: string, permission: string): string[] {
  if (!result || result.done) return [];
  const message = oneLine(result.message, 200);
  if (result.why === "permission") {
    return [`There is no ${what}: the token may not write it. The permission ${permission} adds it.`];
  }
  if (result.why === "unreachable") return [`There is no ${what}: GitHub's API did not answer (${message}).`];
  return [`There is no ${what}: GitHub refused it (${message}).`];
}
