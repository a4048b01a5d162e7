/**
 * Runs real clients against the project and says what came out: `npm run test:interop -- --group npm --only <client> --record`.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";

import { messageOf } from "../../src/core/errors.ts";
import { type Client } from "./client.ts";
import { clients } from "./clients.ts";
import { install, installedVersions } from "./install.ts";
import { record } from "./record.ts";
import { runClient } from "./run-client.ts";
import { tellStory } from "./story.ts";

const { values } = parseArgs({
  options: {
    group: { type: "string" },
    only: { type: "string", multiple: true },
    short: { type: "boolean", default: false },
    record: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
  },
});
const scratch = resolve(import.meta.dirname, "../../.tracegate/interop");
const chosen = clients.filter(
  (client) =>
    (values.group === undefined || client.group === values.group) &&
    (values.only === undefined || values.only.includes(client.name)) &&
    (!values.short || client.short),
);
for (const client of chosen) {
  const started = performance.now();
  try {
    const installation = await install(client, clients, scratch);
    const installed = performance.now();
    const run = await runClient(client, installation, tellStory);
    print(`${client.name}: install ${Math.round(installed - started)} ms, run ${Math.round(performance.now() - installed)} ms`);
    print(`  exit ${run.end.exitCode} model ${run.modelRequests} refused ${run.refused.join()} posts ${run.requests.map((r) => `${r.path} ${r.kind} ${r.body.length} ${r.status}`).join("; ")}`);
    if (run.end.exitCode !== 0 || values.verbose) print(run.end.output);
    for (const trace of run.traces) {
      print(`  trace ${trace.name} spans ${trace.spans.length} llm ${trace.llmCalls.length} tools ${JSON.stringify(trace.toolCalls.map((c) => [c.name, c.arguments, c.result]))} usage ${JSON.stringify(trace.usage)} in=${trace.input} out=${trace.output} ids ${trace.userId}/${trace.sessionId} agent ${JSON.stringify(trace.agent)} q ${trace.quality.issues.map((i) => i.code)} comp ${trace.completion}`);
    }
    if (values.record && run.end.exitCode === 0) await record(client, run.requests, await installedVersions(client, installation), [installation.folder]);
  } catch (error) {
    print(`${client.name}: ${messageOf(error)}`);
  }
}
function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
void ({} as Client | undefined);
