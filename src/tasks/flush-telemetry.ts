/** Time that exporters have to send what waits, ms. */
const FLUSH_MS = 3_000;

/**
 * A function for the processes and threads of `module` tasks, as source: sends the spans and log records that wait in
 * OpenTelemetry's global providers. An exporter that hangs is not waited for longer than 3 s. An agent with a provider of its own flushes it
 * itself, as it must in production. Of trials side by side one flush may take the spans of another, so each waits for those under way.
 */
export const FLUSH_TELEMETRY = `
let flushing = Promise.resolve();
async function flushTelemetry() {
  const traces = globalThis[Symbol.for("opentelemetry.js.api.1")]?.trace;
  const logs = globalThis[Symbol.for("io.opentelemetry.js.api.logs")]?.(1);
  const providers = [traces?.getDelegate?.() ?? traces, logs];
  if (providers.every((provider) => provider === undefined)) return;
  const timer = Promise.withResolvers();
  const handle = setTimeout(timer.resolve, ${FLUSH_MS});
  const flushed = Promise.allSettled([flushing, ...providers.map(async (provider) => provider?.forceFlush?.())]);
  flushing = Promise.race([flushed, timer.promise]);
  await flushing;
  clearTimeout(handle);
}
`;
