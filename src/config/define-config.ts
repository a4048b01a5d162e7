import type { ConfigInput } from "./schema.ts";

/**
 * Types the default export of `tracegate.config.ts`. It is checked when it is loaded, not here.
 *
 * @example
 * export default defineConfig({
 *   scorers: [toolErrors(), retryLoop({ times: 5 }), groundedness()],
 *   sinks: [otlp({ endpoint: "http://127.0.0.1:4319" })],
 * });
 */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config;
}
