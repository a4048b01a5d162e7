/** The part of `@opentelemetry/api` 1.x that an application's SDK registers under {@link API}. */
interface RegisteredApi {
  readonly context?: {
    active(): { setValue(key: symbol, value: unknown): unknown };
    with<Result>(context: unknown, run: () => Result): Result;
  };
}

/**
 * Where version 1 of the OpenTelemetry API keeps what was registered, and the key by which its SDKs know that nothing is to be
 * traced. Both are made with `Symbol.for`, so that every copy of the package in a process means the same.
 */
const API = Symbol.for("opentelemetry.js.api.1");
const SUPPRESSED = Symbol.for("OpenTelemetry SDK Context Key SUPPRESS_TRACING");

/**
 * Runs a call of a judge so that no instrumentation in this process makes a span of it, nor of what it does underneath
 * (`fetch`, the SDKs): such spans would join the agent's trace and come back to be judged. Without a registered OpenTelemetry it
 * just runs.
 */
export function untraced<Result>(run: () => Result): Result {
  const { context } = registeredApi();
  return context === undefined ? run() : context.with(context.active().setValue(SUPPRESSED, true), run);
}

function registeredApi(): RegisteredApi {
  const registered: unknown = Reflect.get(globalThis, API);
  return isApi(registered) ? registered : {};
}

function isApi(registered: unknown): registered is RegisteredApi {
  if (typeof registered !== "object" || registered === null || !("context" in registered)) return false;
  const { context } = registered;
  return typeof context === "object" && context !== null && "active" in context && "with" in context;
}
