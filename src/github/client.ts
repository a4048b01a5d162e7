import { getOctokit } from "@actions/github";

/** Talks to the REST API at `GITHUB_API_URL`. */
export type Client = ReturnType<typeof getOctokit>;

/** A client with a token of the workflow. Asks for nothing yet. */
export function openClient(token: string): Client {
  return getOctokit(token);
}
