import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

import { TracegateError } from "../../core/errors.ts";

/** Sends requests through the agent, in a process of its own, as in production. */
export async function serveTraffic(options: {
  /** Root of the workspace. */
  readonly workspace: string;
  readonly count: number;
  /** Where the agent sends its spans. */
  readonly endpoint: string;
  /** Where its models are. */
  readonly modelUrl: string;
  readonly agentVersion: string;
  readonly signal: AbortSignal;
}): Promise<void> {
  const folder = join(options.workspace, "evals", "support-agent");
  const module: { requests(count: number): readonly object[] } = await import(
    pathToFileURL(join(folder, "requests.ts")).href
  );
  const child = spawn(process.execPath, ["serve.ts"], {
    cwd: folder,
    env: {
      ...process.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: options.endpoint,
      SUPPORT_AGENT_MODEL_URL: options.modelUrl,
      AGENT_VERSION: options.agentVersion,
    },
    stdio: ["pipe", "ignore", "pipe"],
    signal: options.signal,
  });
  child.on("error", () => {});
  child.stdin.end(
    module
      .requests(options.count)
      .map((request) => `${JSON.stringify(request)}\n`)
      .join(""),
  );
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  options.signal.throwIfAborted();
  if (code !== 0)
    throw new TracegateError("task", `The demo's agent ended with exit code ${code}: ${errors.slice(-600)}`);
}
