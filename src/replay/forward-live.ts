import type { ModelCallPlace } from "../llmwire/model-endpoint.ts";
import type { ModelRequest } from "../llmwire/model-request.ts";

/** Base URLs of the real providers, as their own clients take them. */
export interface Upstream {
  /** With `/v1`. Default `OPENAI_BASE_URL`, else that of OpenAI. */
  readonly openai?: string;
  /** Default `ANTHROPIC_BASE_URL`, else that of Anthropic. */
  readonly anthropic?: string;
  /** Default `GOOGLE_GEMINI_BASE_URL`, else that of Google. */
  readonly google?: string;
}

/** Of the connection, not of the request. */
const DROPPED = ["host", "connection", "content-length", "transfer-encoding", "accept-encoding", "expect"];

/** Sends a request on to its provider as it came, with the agent's own key. */
export async function forwardLive(
  request: ModelRequest,
  { path, headers }: ModelCallPlace,
  upstream: Upstream,
): Promise<Response> {
  const kept = Object.entries(headers).flatMap(([name, value]): readonly [string, string][] =>
    value === undefined || DROPPED.includes(name) ? [] : [[name, String(value)]],
  );
  return fetch(addressOf(request, path, upstream), {
    method: "POST",
    headers: Object.fromEntries(kept),
    body: JSON.stringify(request.body),
  });
}

function addressOf({ provider }: ModelRequest, path: string, upstream: Upstream): string {
  switch (provider) {
    case "openai": {
      const base = upstream.openai ?? process.env.OPENAI_BASE_URL ?? "https://api.openai.com/v1";
      return trimmed(base) + path.replace(/^\/v1/, "");
    }
    case "anthropic":
      return (
        trimmed(upstream.anthropic ?? process.env.ANTHROPIC_BASE_URL ?? "https://api.anthropic.com") + path
      );
    case "google": {
      const base = upstream.google ?? process.env.GOOGLE_GEMINI_BASE_URL;
      return trimmed(base ?? "https://generativelanguage.googleapis.com") + path;
    }
  }
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, "");
}
