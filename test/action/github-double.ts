import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A comment of the double. */
export interface DoubleComment {
  readonly id: number;
  body: string;
  readonly user: { readonly login: string };
  readonly html_url: string;
}

/** The parts of GitHub's REST API that the action may call, over HTTP on loopback. */
export interface GitHubDouble extends AsyncDisposable {
  readonly url: string;
  readonly comments: DoubleComment[];
  readonly checks: { readonly [field: string]: unknown }[];
  /** `METHOD path` of every request. */
  readonly requests: string[];
  /** What the token may; a refusal is a 403 as GitHub words it. */
  readonly rights: { comments: boolean; checks: boolean };
  /** Open pull requests, as `GET /pulls` lists them. */
  readonly pulls: { readonly number: number; readonly head: { readonly sha: string } }[];
  /** Login of the token's user; without one it is a workflow's token. */
  user?: string;
  /** Answers every request with this status instead. */
  outage?: number;
  /** Never answers. */
  hangs?: boolean;
}

/** Login under which a workflow's token writes. */
const BOT = "github-actions[bot]";

/** Starts a double for the repository `o/r`. Its token is that of a workflow, which has no user. */
export async function startGitHub(): Promise<GitHubDouble> {
  const double = {
    comments: [] as DoubleComment[],
    checks: [] as { readonly [field: string]: unknown }[],
    requests: [] as string[],
    rights: { comments: true, checks: true },
    pulls: [] as { readonly number: number; readonly head: { readonly sha: string } }[],
  };
  const state: typeof double & Pick<GitHubDouble, "user" | "outage" | "hangs"> = double;
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://double");
    state.requests.push(`${request.method} ${pathname}`);
    if (state.hangs) return;
    const [status, answer] = state.outage
      ? [state.outage, { message: "outage" }]
      : answerOf(state, `${request.method} ${pathname}`, body === "" ? {} : JSON.parse(body));
    const page = Number(searchParams.get("page") ?? 1);
    const size = Number(searchParams.get("per_page") ?? 30);
    const isPaged = request.method === "GET" && Array.isArray(answer);
    const shown = isPaged ? answer.slice((page - 1) * size, page * size) : answer;
    const next = `<http://${request.headers.host}${pathname}?per_page=${size}&page=${page + 1}>; rel="next"`;
    const isLast = !isPaged || page * size >= answer.length;
    response.writeHead(status, { "content-type": "application/json", ...(isLast ? {} : { link: next }) });
    response.end(status === 204 ? undefined : JSON.stringify(shown));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  });
}

type State = Pick<GitHubDouble, "comments" | "checks" | "rights" | "pulls" | "user">;

const FORBIDDEN = [403, { message: "Resource not accessible by integration" }] as const;

function answerOf(
  { comments, checks, rights, pulls, user }: State,
  call: string,
  body: { readonly [field: string]: unknown },
): readonly [number, unknown] {
  const comment = /^(PATCH|DELETE) \/repos\/o\/r\/issues\/comments\/(\d+)$/.exec(call);
  if (comment) {
    if (!rights.comments) return FORBIDDEN;
    const at = comments.findIndex(({ id }) => id === Number(comment[2]));
    const found = comments[at];
    if (!found) return [404, { message: "Not Found" }];
    if (comment[1] === "DELETE") return [204, comments.splice(at, 1)];
    found.body = String(body.body);
    return [200, found];
  }
  switch (call) {
    case "GET /repos/o/r/issues/3/comments":
      return [200, comments];
    case "POST /repos/o/r/issues/3/comments": {
      if (!rights.comments) return FORBIDDEN;
      comments.push(commentBy(user ?? BOT, String(body.body), comments.length + 1));
      return [201, comments.at(-1)];
    }
    case "POST /repos/o/r/check-runs":
      if (!rights.checks) return FORBIDDEN;
      checks.push(body);
      return [201, { id: checks.length, html_url: `https://github.com/o/r/runs/${checks.length}` }];
    case "GET /repos/o/r/pulls":
      return [200, pulls];
    case "GET /user":
      return user === undefined ? FORBIDDEN : [200, { login: user }];
    default:
      return [404, { message: "Not Found" }];
  }
}

/** A comment as the API gives it. */
export function commentBy(login: string, body: string, id: number): DoubleComment {
  return { id, body, user: { login }, html_url: `https://github.com/o/r/pull/3#issuecomment-${id}` };
}
