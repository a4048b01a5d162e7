import { type ExportKind, LOGS, TRACES } from "./export-kind.ts";

/** Below these the clients of LangSmith and of Langfuse expect OTLP, whatever host they are pointed at. */
const PREFIXES = ["", "/otel", "/api/public/otel"];

/**
 * Where export requests are taken, by path: below each prefix `/v1/traces`, `/v1/logs`, and the prefix itself for
 * traces, because some senders (LangSmith) post to `OTEL_EXPORTER_OTLP_ENDPOINT` as it is.
 *
 * @param more further prefixes, or paths that end in `/v1/traces` or `/v1/logs`
 */
export function exportPaths(more: readonly string[] = []): ReadonlyMap<string, ExportKind> {
  const prefixes = [...PREFIXES, ...more.map((path) => path.replace(/\/+$|\/v1\/(traces|logs)\/*$/, ""))];
  return new Map(
    prefixes.flatMap((prefix) => [
      [prefix || "/", TRACES],
      [`${prefix}/v1/traces`, TRACES],
      [`${prefix}/v1/logs`, LOGS],
    ]),
  );
}
