import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";

const BACKEND = join(execFileSync("git", ["--exec-path"], { encoding: "utf8" }).trim(), "git-http-backend");

/** Whether git can be served over HTTP here. */
export const canServeGit: boolean = existsSync(BACKEND);

/** What a token may do. */
export type Right = "read" | "write";

/** Repositories over HTTP, as GitHub serves them: a token as Basic authorization, and one such header only. */
export interface GitServer {
  /** E.g. `http://127.0.0.1:40123`. */
  readonly address: string;
  close(): Promise<void>;
}

/** Serves the bare repositories of a folder. */
export async function startGitServer(
  folder: string,
  rights: { readonly [token: string]: Right },
): Promise<GitServer> {
  const server = createServer((request, response) => {
    const { path, search, status } = judge(request, rights);
    if (status !== 200) {
      response.writeHead(status, status === 401 ? { "www-authenticate": 'Basic realm="git"' } : {});
      return response.end("no");
    }
    answer(request, response, { folder, path, search });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    address: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function judge(request: IncomingMessage, rights: { readonly [token: string]: Right }) {
  const { pathname: path, search } = new URL(request.url ?? "/", "http://localhost");
  const shown = request.rawHeaders.filter((_, index, all) => /^authorization$/i.test(all[index - 1] ?? ""));
  const token =
    Buffer.from(shown[0]?.replace(/^basic /i, "") ?? "", "base64")
      .toString()
      .split(":")[1] ?? "";
  const right = rights[token];
  const writes = search.includes("git-receive-pack") || path.endsWith("git-receive-pack");
  const status = shown.length > 1 ? 400 : right === undefined ? 401 : writes && right === "read" ? 403 : 200;
  return { path, search, status };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { folder, path, search }: { readonly folder: string; readonly path: string; readonly search: string },
): void {
  const { headers, method = "GET" } = request;
  const backend = spawn(BACKEND, {
    env: {
      PATH: process.env.PATH ?? "",
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      PATH_INFO: path,
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: method,
      CONTENT_TYPE: headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: headers["content-encoding"] ?? "",
      HTTP_GIT_PROTOCOL: String(headers["git-protocol"] ?? ""),
      REMOTE_USER: "somebody",
      REMOTE_ADDR: "127.0.0.1",
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  backend.stdin.on("error", () => {});
  request.pipe(backend.stdin);
  const chunks: Buffer[] = [];
  backend.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  backend.on("close", () => {
    const whole = Buffer.concat(chunks);
    const end = whole.indexOf("\r\n\r\n");
    const fields = whole
      .toString("latin1", 0, end)
      .split("\r\n")
      .map((line) => line.split(": "));
    const status = Number(fields.find(([name]) => name === "Status")?.[1]?.slice(0, 3) ?? 200);
    for (const [name = "", value = ""] of fields) if (name !== "Status") response.setHeader(name, value);
    response.writeHead(status).end(whole.subarray(end + 4));
  });
}
