import { context } from "@actions/github";

import type { Client } from "./client.ts";
import type { EventContext } from "./event.ts";
import type { RepositoryName } from "./run-place.ts";

/** The run whose end started a `workflow_run` workflow. Only GitHub writes these fields. */
export interface TriggeringRun {
  readonly headCommit: string;
  /** Name of the branch; its author chose it. */
  readonly headBranch: string;
  /** Owner of the repository the change comes from. */
  readonly headOwner: string;
  readonly url: string;
}

/** Undefined when something else started the workflow. */
export function readTriggeringRun(
  from: Partial<Pick<EventContext, "eventName" | "payload">> = context,
): TriggeringRun | undefined {
  const run = from.eventName === "workflow_run" ? from.payload?.workflow_run : undefined;
  const headCommit: unknown = run?.head_sha;
  const headBranch: unknown = run?.head_branch;
  const headOwner: unknown = run?.head_repository?.owner?.login;
  const url: unknown = run?.html_url;
  if (typeof headCommit !== "string" || typeof headBranch !== "string" || typeof headOwner !== "string")
    return undefined;
  return { headCommit, headBranch, headOwner, url: typeof url === "string" ? url : "" };
}

/**
 * Number of the open pull request whose head is the commit of the run; undefined when there is none, also when a newer
 * commit was pushed meanwhile. Found by what GitHub says of the run: for forks the event names no pull request, and what
 * the run left behind is its author's word.
 */
export async function findPullRequest(
  client: Client,
  options: {
    readonly repository: RepositoryName;
    readonly run: TriggeringRun;
    readonly signal: AbortSignal;
  },
): Promise<number | undefined> {
  const { repository, run, signal } = options;
  const { data } = await client.request("GET /repos/{owner}/{repo}/pulls", {
    owner: repository.owner,
    repo: repository.name,
    state: "open",
    head: `${run.headOwner}:${run.headBranch}`,
    per_page: 100,
    request: { signal },
  });
  return data.find(({ head }) => head.sha === run.headCommit)?.number;
}
