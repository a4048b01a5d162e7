/** A repository as the API names it. */
export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

/** Where the workflow runs. Absent outside of GitHub. */
export interface RunPlace {
  readonly repository?: RepositoryName;
  /** Page of this workflow run. */
  readonly runUrl?: string;
}

/** Reads the runner's variables `GITHUB_REPOSITORY`, `GITHUB_SERVER_URL` and `GITHUB_RUN_ID`. */
export function readPlace(environment: { readonly [name: string]: string | undefined }): RunPlace {
  const [owner, name] = (environment.GITHUB_REPOSITORY ?? "").split("/");
  if (!owner || !name) return {};
  const repository = { owner, name };
  const run = environment.GITHUB_RUN_ID;
  if (!run) return { repository };
  const server = environment.GITHUB_SERVER_URL || "https://github.com";
  return { repository, runUrl: `${server}/${owner}/${name}/actions/runs/${run}` };
}
