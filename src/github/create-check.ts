import type { Client } from "./client.ts";
import type { RepositoryName } from "./run-place.ts";

/** A finished check, as GitHub shows it beside a commit. */
export interface Check {
  readonly repository: RepositoryName;
  /** The commit that is shown to people; on a pull request not the merge commit. */
  readonly headCommit: string;
  readonly name: string;
  readonly conclusion: "success" | "failure" | "neutral";
  readonly title: string;
  /** Markdown, at most 65,000 characters. */
  readonly summary: string;
  /** Where "Details" leads. */
  readonly detailsUrl?: string;
  readonly signal: AbortSignal;
}

/** Creates a check run; of several with one name GitHub shows the latest. Returns its address. */
export async function createCheck(client: Client, check: Check): Promise<string> {
  const { data } = await client.request("POST /repos/{owner}/{repo}/check-runs", {
    owner: check.repository.owner,
    repo: check.repository.name,
    name: check.name,
    head_sha: check.headCommit,
    status: "completed",
    conclusion: check.conclusion,
    output: { title: check.title, summary: check.summary },
    ...(check.detailsUrl === undefined ? {} : { details_url: check.detailsUrl }),
    request: { signal: check.signal },
  });
  return data.html_url ?? check.detailsUrl ?? "";
}
