import { CONTINUE_TRACE } from "./continue-trace.ts";
import { FLUSH_TELEMETRY } from "./flush-telemetry.ts";
import { RESOLVE_OWN_MODULES } from "./own-modules.ts";
import { TELL_MISSING } from "./tell-missing.ts";
import { WATCH_ENDPOINT } from "./watch-endpoint.ts";

/**
 * What the child process of a `module` task runs, as source: with `node -e` it needs no file of its own,
 * so it works from a bundle too. It gets one message, `{url, name, input, setting, own}`, and sends one back,
 * `{answer, silent}` or `{error, missing}`. When the parent goes, it goes.
 *
 * Spans and log records that wait in the global providers are sent before the answer is. `silent`: nobody asked where they go.
 */
export const MODULE_RUNNER = `
import * as nodeModule from "node:module";
${RESOLVE_OWN_MODULES}${CONTINUE_TRACE}${FLUSH_TELEMETRY}${WATCH_ENDPOINT}${TELL_MISSING}
const watch = watchEndpoint(nodeModule);
process.on("disconnect", () => process.exit(1));
process.once("message", async ({ url, name, input, setting, own }) => {
  const reply = (message) => process.send(message, () => {
    process.removeAllListeners("disconnect");
    process.disconnect();
  });
  try {
    resolveOwnModules(nodeModule, own);
    const module = await import(url);
    const agent = module[name];
    if (typeof agent !== "function") {
      const found = Object.keys(module).join(", ") || "nothing";
      throw missing("it exports no function named " + name + ", but " + found);
    }
    const given = Object.assign(watch.settingOf(setting), { signal: new AbortController().signal });
    const output = await continueTrace(setting.traceparent, () => agent(input, given));
    await flushTelemetry();
    const answer = typeof output === "string" ? output : output?.answer;
    reply({ answer: typeof answer === "string" ? answer : null, silent: !watch.mayHaveSent() });
  } catch (error) {
    reply({ error: error instanceof Error ? error.stack ?? error.message : String(error), missing: isMissing(error) });
  }
});
`;
