/**
 * A function for the processes and threads of `module` tasks, as source: calls an agent as a child of its trial's trace where
 * the agent has registered OpenTelemetry's context manager and propagator, as it would run below the instrumentation of a
 * server. So an agent that knows nothing of trials can run many side by side, and their spans are told apart.
 */
export const CONTINUE_TRACE = `
function continueTrace(traceparent, call) {
  const { context, propagation } = globalThis[Symbol.for("opentelemetry.js.api.1")] ?? {};
  if (!context || !propagation) return call();
  const getter = { get: (carrier, name) => carrier[name], keys: Object.keys };
  return context.with(propagation.extract(context.active(), { traceparent }, getter), call);
}
`;
