import { EVERY, FOURTH } from "./chaos-traces.ts";

/** Environment variable with the headers by which the sink knows who writes to it. */
export const SINK_HEADERS = "SINK_HEADERS";

/** Longest time a judge's answer may take, ms; a call that hangs costs so long. */
export const JUDGE_TIMEOUT_MS = 8_000;

/** The tracegate.config.ts of all processes. */
export function configText(modelUrl: string, sinkUrl: string): string {
  return `import { defineConfig, defineJudge, openai, otlp, toolErrors } from "tracegate";

const labels = { yes: 1, no: 0 };
const isFourth = ({ trace }) => Number(/A-(\\d+)/.exec(trace.input ?? "")?.[1] ?? 1) % 4 === 0;

export default defineConfig({
  judge: openai({ model: "gpt-4o-mini", baseURL: ${JSON.stringify(modelUrl)}, timeoutMs: ${JUDGE_TIMEOUT_MS} }),
  scorers: [
    toolErrors(),
    defineJudge(${JSON.stringify(EVERY)}, { question: "Was the question answered?", labels }),
    defineJudge(${JSON.stringify(FOURTH)}, { question: "Was the answer polite?", labels, applies: isFourth }),
  ],
  sampling: false,
  completion: { afterRootMs: 500, idleMs: 600_000 },
  worker: { concurrency: 8, judgeRetries: { attempts: 16, baseMs: 500, maxMs: 5_000 } },
  sinks: [otlp({ endpoint: ${JSON.stringify(sinkUrl)}, headersEnv: ${JSON.stringify(SINK_HEADERS)}, compression: "none" })],
});
`;
}
