import { CONTINUE_TRACE } from "./continue-trace.ts";
import { FLUSH_TELEMETRY } from "./flush-telemetry.ts";
import { RESOLVE_OWN_MODULES } from "./own-modules.ts";
import { TELL_MISSING } from "./tell-missing.ts";
import { WATCH_ENDPOINT } from "./watch-endpoint.ts";

/**
 * What a worker thread of a `module` task runs, as source, so that it works from a bundle too. It takes lists of
 * `{id, input, setting}` and sends lists of `{id, answer, silent}` or `{id, error, missing}`; many may be under way at once. `{abort: id}`
 * fires the signal of one. What waits in the global providers is sent before each answer. `{ping}` is answered at once by a thread that is
 * not blocked. `silent`: nobody asked where spans go.
 */
export const THREAD_RUNNER = `
const { parentPort, workerData } = require("node:worker_threads");
${RESOLVE_OWN_MODULES}${CONTINUE_TRACE}${FLUSH_TELEMETRY}${WATCH_ENDPOINT}${TELL_MISSING}
const watch = watchEndpoint(require("node:module"));
resolveOwnModules(require("node:module"), workerData.own);
const loading = import(workerData.url);
loading.catch(() => {});
const controllers = new Map();
let replies = [];
function reply(message) {
  controllers.delete(message.id);
  if (replies.push(message) > 1) return;
  if (controllers.size === 0) send();
  else setImmediate(send);
}
function send() {
  parentPort.postMessage(replies);
  replies = [];
}
parentPort.on("message", (message) => {
  if ("ping" in message) return parentPort.postMessage(message);
  if ("abort" in message) return controllers.get(message.abort)?.abort();
  for (const trial of message) run(trial);
});
async function run({ id, input, setting }) {
  const controller = new AbortController();
  controllers.set(id, controller);
  try {
    const module = await loading;
    const agent = module[workerData.name];
    if (typeof agent !== "function") {
      const found = Object.keys(module).join(", ") || "nothing";
      throw missing("it exports no function named " + workerData.name + ", but " + found);
    }
    const given = Object.assign(watch.settingOf(setting), { signal: controller.signal });
    const output = await continueTrace(setting.traceparent, () => agent(input, given));
    await flushTelemetry();
    const answer = typeof output === "string" ? output : output?.answer;
    reply({ id, answer: typeof answer === "string" ? answer : null, silent: !watch.mayHaveSent() });
  } catch (error) {
    reply({ id, error: error instanceof Error ? error.stack ?? error.message : String(error), missing: isMissing(error) });
  }
}
`;
