/**
 * A function for the processes and threads of `module` tasks, as source: notices whether anybody there asks where spans
 * are to be sent. An agent that never asked has sent none, so none need be waited for; nobody could tell that from the
 * silence of the endpoint, because exporters send late.
 *
 * Asking is reading an `OTEL_EXPORTER_*` variable or the whole environment (as starting a process does), reading the
 * endpoint of a trial's setting, or having a global provider. What is preloaded may have asked before, so then too.
 *
 * It gives `settingOf(setting)`, which notices too, and `mayHaveSent()`.
 */
export const WATCH_ENDPOINT = `
function watchEndpoint({ syncBuiltinESMExports }) {
  const preloads = /^(-r|--require|--import|--loader|--experimental-loader)\\b/;
  const options = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? "").split(" ")];
  let asked = options.some((option) => preloads.test(option));
  const isPlace = (name) => typeof name === "string" && name.startsWith("OTEL_EXPORTER_");
  process.env = new Proxy(process.env, {
    get(env, name) {
      asked ||= isPlace(name);
      return env[name];
    },
    getOwnPropertyDescriptor(env, name) {
      asked ||= isPlace(name);
      return Reflect.getOwnPropertyDescriptor(env, name);
    },
    ownKeys(env) {
      asked = true;
      return Reflect.ownKeys(env);
    },
    set(env, name, value) {
      env[name] = value;
      return true;
    },
  });
  syncBuiltinESMExports();
  return {
    settingOf(setting) {
      const watched = { ...setting };
      for (const name of ["endpoint", "sharedEndpoint"]) {
        const get = () => {
          asked = true;
          return setting[name];
        };
        if (name in setting) Object.defineProperty(watched, name, { get, enumerable: true });
      }
      return watched;
    },
    mayHaveSent() {
      const api = globalThis[Symbol.for("opentelemetry.js.api.1")];
      return asked || Boolean(api?.trace ?? globalThis[Symbol.for("io.opentelemetry.js.api.logs")]);
    },
  };
}
`;
