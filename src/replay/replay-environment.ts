import type { ReplaySetting } from "../core/run.ts";
import type { ReplayMode } from "./replay-session.ts";

/**
 * What a variable of the agent's own is set to. `models`: base URL without `/v1`, as Anthropic's and Google's
 * clients take it; `openai`: with `/v1`; `tools`: where `/tools/<name>` lies below; `mcp`; `now`: ISO 8601.
 */
export type ReplayAddress = "models" | "openai" | "tools" | "mcp" | "now";

/** In place of the providers' keys: nothing that an agent asks past the replay can be paid for. */
const NO_KEY = "tracegate-replay";

/** Where a trial finds its recorded answers. */
export function replaySetting(
  url: string,
  mode: ReplayMode,
  recorded: { readonly traceId: string; readonly startedAt?: number },
): ReplaySetting {
  const { traceId, startedAt } = recorded;
  return {
    url,
    mcpUrl: `${url}/mcp`,
    ...(startedAt === undefined ? {} : { now: startedAt }),
    traceId,
    ...(mode === "models-live"
      ? {}
      : { openaiBaseUrl: `${url}/v1`, anthropicBaseUrl: url, geminiBaseUrl: url }),
  };
}

/**
 * The same as environment variables: our own, those the providers' clients read, and those of the agent.
 * Where every model is recorded the providers' keys are replaced, so that an agent that asks past the replay
 * fails instead of paying.
 */
export function replayEnvironment(
  setting: ReplaySetting,
  mode: ReplayMode,
  names: { readonly [variable: string]: ReplayAddress },
): { readonly [name: string]: string } {
  const { url, mcpUrl, now, traceId, openaiBaseUrl, anthropicBaseUrl, geminiBaseUrl } = setting;
  const clock = now === undefined ? undefined : new Date(now).toISOString();
  const addresses = { models: anthropicBaseUrl, openai: openaiBaseUrl, tools: url, mcp: mcpUrl, now: clock };
  const own = Object.entries(names).map(([name, address]) => [name, addresses[address]] as const);
  const keys = ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY", "GOOGLE_API_KEY"];
  const noProxy = [process.env.NO_PROXY ?? process.env.no_proxy, "127.0.0.1"].filter(Boolean).join(",");
  return defined({
    NO_PROXY: noProxy,
    no_proxy: noProxy,
    TRACEGATE_REPLAY_URL: url,
    TRACEGATE_REPLAY_MCP_URL: mcpUrl,
    TRACEGATE_REPLAY_NOW: clock,
    TRACEGATE_REPLAY_TRACE_ID: traceId,
    OPENAI_BASE_URL: openaiBaseUrl,
    OPENAI_API_BASE: openaiBaseUrl,
    ANTHROPIC_BASE_URL: anthropicBaseUrl,
    GOOGLE_GEMINI_BASE_URL: geminiBaseUrl,
    ...(mode === "recorded" ? Object.fromEntries(keys.map((name) => [name, NO_KEY])) : {}),
    ...Object.fromEntries(own),
  });
}

function defined(variables: { readonly [name: string]: string | undefined }): { [name: string]: string } {
  const kept: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(variables)) if (value !== undefined) kept[name] = value;
  return kept;
}
