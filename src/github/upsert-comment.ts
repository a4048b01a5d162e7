import type { Client } from "./client.ts";
import type { RepositoryName } from "./run-place.ts";

/** What {@link upsertComment} writes, and where. */
export interface CommentOptions {
  readonly repository: RepositoryName;
  readonly pullRequest: number;
  /** Tells the comments of several gates on one pull request apart. */
  readonly key: string;
  /** Markdown, at most 65,000 characters. */
  readonly body: string;
  readonly signal: AbortSignal;
}

interface Comment {
  readonly id: number;
  readonly html_url: string;
  readonly body?: string | undefined;
  readonly user: { readonly login: string } | null;
}

/**
 * Writes the one comment of this gate on a pull request: the comment that begins with our marker and is our own is
 * updated; without one it is created. When two runs at once have made two, the first is kept.
 *
 * The author counts, not the marker alone: anybody may write the marker into a comment of their own, and what
 * the bot then writes there would be theirs to change.
 *
 * @returns the address of the comment.
 */
export async function upsertComment(client: Client, options: CommentOptions): Promise<string> {
  const { signal, repository } = options;
  const marker = markerOf(options.key);
  const body = `${marker}\n${options.body}`;
  const place = { owner: repository.owner, repo: repository.name, request: { signal } };
  const [first, ...others] = await ownComments(client, options, marker);
  for (const { id } of others) {
    await client.request("DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}", {
      ...place,
      comment_id: id,
    });
  }
  if (first) {
    const { data } = await client.request("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", {
      ...place,
      comment_id: first.id,
      body,
    });
    return data.html_url;
  }
  const { data } = await client.request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
    ...place,
    issue_number: options.pullRequest,
    body,
  });
  return data.html_url;
}

/** Not seen by readers; what is not a letter or digit is encoded, so that it cannot end the comment. */
export function markerOf(key: string): string {
  return `<!-- tracegate:${encodeURIComponent(key)} -->`;
}

async function ownComments(
  client: Client,
  { repository, pullRequest, signal }: CommentOptions,
  marker: string,
): Promise<readonly Comment[]> {
  const comments: readonly Comment[] = await client.paginate(client.rest.issues.listComments, {
    owner: repository.owner,
    repo: repository.name,
    issue_number: pullRequest,
    per_page: 100,
    request: { signal },
  });
  const marked = comments.filter(({ body }) => body?.startsWith(marker));
  if (marked.length === 0) return [];
  const self = await ownLogin(client, signal);
  return marked.filter(({ user }) => (self === null ? isBot(user) : user?.login === self));
}

/** Null for the token of a workflow or of an app: these have no user; their comments are a bot's. */
async function ownLogin(client: Client, signal: AbortSignal): Promise<string | null> {
  try {
    const { data } = await client.request("GET /user", { request: { signal } });
    return data.login;
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

function isBot(user: Comment["user"]): boolean {
  // People's names hold no brackets.
  return user?.login.endsWith("[bot]") === true;
}
