import { TracegateError } from "../../core/errors.ts";

/**
 * The address traces are posted to: `/v1/traces` is added to a base address, as OpenTelemetry exporters do
 * with `OTEL_EXPORTER_OTLP_ENDPOINT`; an address that ends in it is taken as it is.
 *
 * @throws TracegateError `config` when it is not an http or https address
 */
export function tracesAddress(endpoint: string): string {
  const url = URL.parse(endpoint);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    const example = "http://localhost:4318";
    throw new TracegateError(
      "config",
      `otlp: endpoint must be an http(s) address, got "${endpoint}". E.g. ${example}.`,
    );
  }
  if (!/\/v1\/traces\/?$/.test(url.pathname)) url.pathname = `${url.pathname.replace(/\/$/, "")}/v1/traces`;
  return url.href;
}

/**
 * Headers from an environment variable, in the form of `OTEL_EXPORTER_OTLP_HEADERS`: `name=value` pairs
 * with commas between them, values percent-encoded.
 *
 * @param variable name of the variable; undefined gives no headers
 * @throws TracegateError `config` when the variable is not set or not of that form. Never shows a value.
 */
export function headersFrom(variable: string | undefined): Readonly<Record<string, string>> {
  if (variable === undefined) return {};
  const text = process.env[variable];
  if (text === undefined || text.trim() === "") {
    throw new TracegateError(
      "config",
      `otlp: headersEnv names ${variable}, which is not set. Set it, or leave headersEnv out.`,
    );
  }
  const pairs = text.split(",").filter((pair) => pair.trim() !== "");
  return Object.fromEntries(pairs.map((pair) => headerOf(pair, variable)));
}

function headerOf(pair: string, variable: string): readonly [string, string] {
  const at = pair.indexOf("=");
  try {
    const name = pair.slice(0, Math.max(at, 0)).trim();
    const value = decodeURIComponent(pair.slice(at + 1).trim());
    // The constructor checks what a header may be made of.
    return [...new Headers([[name, value]])][0] ?? [name, value];
  } catch {
    throw new TracegateError(
      "config",
      `otlp: ${variable} is not a list of headers. Write name=value,name=value with percent-encoded values.`,
    );
  }
}
