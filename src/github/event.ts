import { context } from "@actions/github";

/** What started the workflow, as far as the gate cares. */
export interface WorkflowEvent {
  /** As GitHub names it, e.g. `pull_request`. */
  readonly name: string;
  /**
   * `change`: a pull request or a merge queue entry; `default-branch`: a push to the default branch;
   * `release`: a published release or a pushed tag; `other`: everything else.
   */
  readonly kind: "change" | "default-branch" | "release" | "other";
  /** Number of the pull request; absent elsewhere. */
  readonly pullRequest?: number;
  /** The commit the author pushed; on pull requests not the merge commit that is checked out. */
  readonly headCommit: string;
  /** The change comes from another repository, so the workflow has no secrets. */
  readonly fromFork: boolean;
}

/** The parts of the toolkit's context that are read; the toolkit fills it from the runner's variables and event file. */
export type EventContext = Pick<typeof context, "eventName" | "payload" | "ref" | "sha">;

const CHANGES = new Set(["pull_request", "pull_request_target", "merge_group"]);

/**
 * Reads the event of the running workflow. The payload is taken as untrusted, and outside of GitHub nothing is set: a missing field
 * is not a fault.
 */
export function readEvent(from: Partial<EventContext> = context): WorkflowEvent {
  const { eventName = "", payload = {}, ref = "", sha = "" } = from;
  const pullRequest = payload.pull_request;
  const headCommit: unknown = pullRequest?.head?.sha ?? payload.merge_group?.head_sha;
  const headRepository: unknown = pullRequest?.head?.repo?.full_name;
  return {
    name: eventName,
    kind: kindOf({ eventName, payload, ref }),
    ...(pullRequest ? { pullRequest: pullRequest.number } : {}),
    headCommit: typeof headCommit === "string" ? headCommit : sha,
    // A deleted fork has no repository any more: then it was one.
    fromFork: pullRequest !== undefined && headRepository !== payload.repository?.full_name,
  };
}

function kindOf({ eventName, payload, ref }: Omit<EventContext, "sha">): WorkflowEvent["kind"] {
  if (CHANGES.has(eventName)) return "change";
  if (eventName === "release" || ref.startsWith("refs/tags/")) return "release";
  const branch: unknown = payload.repository?.default_branch;
  if (eventName === "push" && typeof branch === "string" && ref === `refs/heads/${branch}`) {
    return "default-branch";
  }
  return "other";
}
