import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { ModelReply } from "../../../src/llmwire/model-request.ts";
import { type ModelServer, startModelServer } from "../../../src/llmwire/model-server.ts";
import { idOf, type RunSketch, run } from "../../cli/agent-traces.ts";
import { runCli } from "../../cli/run-cli.ts";
import { startUp, type UpProcess } from "../../cli/up-process.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";

const YES: ModelReply = {
  text: JSON.stringify({ rationale: "It was.", evidence: [], label: "yes" }),
  usage: { inputTokens: 3_000, outputTokens: 100 },
};

describe("judges with a budget", { timeout: 60_000 }, () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let server: ModelServer;
  let up: UpProcess;
  beforeEach(async () => {
    folder = temporaryFolder();
    server = await startModelServer({ reply: () => YES });
  });
  afterEach(async () => {
    await up.stop("SIGKILL");
    await server.close();
    folder.remove();
  });
  const start = async (tokensPerDay: number) => {
    const config = `
import { defineConfig, defineJudge, openai } from "tracegate";
export default defineConfig({
  judge: openai({ model: "our-own", baseURL: ${JSON.stringify(server.openaiBaseUrl)} }),
  scorers: [defineJudge("resolved", { question: "Was it done?", labels: { yes: 1, no: 0 } })],
  sampling: false,
  completion: { afterRootMs: 20 },
  worker: { concurrency: 1 },
  judging: { budget: { tokensPerDay: ${tokensPerDay} } },
});
`;
    writeFileSync(join(folder.path, "tracegate.config.ts"), config);
    up = await startUp(folder.path, { env: { OPENAI_API_KEY: "sk-test-0123456789" } });
  };
  const cli = (...args: string[]) => runCli(args, { cwd: folder.path });
  const decision = async (traceId: string) => {
    const why = JSON.parse((await cli("why", traceId, "--format", "json")).stdout);
    return why.decisions.find(({ scorer }: { scorer: string }) => scorer === "resolved");
  };
  const send = async (number: number, more: Partial<RunSketch> = {}) => {
    await up.send(run({ traceId: idOf(number), question: `question ${number}`, ...more }));
    await up.scored(idOf(number));
  };

  it("leave ordinary traces when their share is spent, still see those with errors, and make up for the others when told the cost", async () => {
    await start(8_000);
    for (const number of [1, 2, 3]) await send(number);
    expect(await decision(idOf(2))).toMatchObject({ state: "scored" });
    const left = await decision(idOf(3));
    expect(left).toMatchObject({
      state: "over-budget",
      attempts: 0,
      next: expect.stringContaining("tracegate resume resolved --over-budget"),
    });
    expect(left.reason).toContain("6200 tokens spent of the 6400 tokens that ordinary traces may use.");
    const unasked = await cli("resume", "resolved", "--over-budget");
    expect(unasked.exitCode).toBe(1);
    expect(unasked.stderr).toContain(
      "Today's budget has 200 tokens left for ordinary traces; that pays for none of them, what it does not pay for falls off it again",
    );
    const hasty = await cli("resume", "resolved", "--over-budget", "--yes");
    expect(hasty.stdout).toBe("resolved is asked again; of 1 trace today's budget pays for none.\n");
    await expect.poll(async () => (await decision(idOf(3))).state, { timeout: 20_000 }).toBe("over-budget");
    await send(4, { toolError: "No such order." });
    expect(await decision(idOf(4))).toMatchObject({ state: "scored" });
    expect(server.requests()).toHaveLength(3);

    await up.stop("SIGTERM");
    await start(90_000);
    const again = await cli("resume", "resolved", "--over-budget", "--yes");
    expect(again.stderr).toContain("1 trace waits; judging it will cost");
    expect(again.stderr).toContain("3,000 input and 100 output tokens, going by 3 answers so far");
    expect(again.stderr).toContain(
      "Today's budget has 62,700 tokens left for ordinary traces; that pays for it",
    );
    expect(again.stdout).toBe(
      "resolved is asked again; 1 trace will be made up for, as far as today's budget pays.\n",
    );
    await expect.poll(async () => (await decision(idOf(3))).state, { timeout: 20_000 }).toBe("scored");
    expect(server.requests()).toHaveLength(4);
    for (const state of ["over-budget", "failed"]) {
      const nothing = await cli("resume", "resolved", `--${state}`);
      expect(nothing).toMatchObject({ exitCode: 0, stdout: "" });
      expect(nothing.stderr).toMatch(/^resolved: .* so there is nothing to (make up for|ask again)\.$/m);
      expect(nothing.stderr).not.toContain("Nothing was changed");
    }
  });

  it("are not started with a budget in USD alone for a model without a price", async () => {
    await start(1);
    await up.stop("SIGTERM");
    const file = join(folder.path, "tracegate.config.ts");
    writeFileSync(file, readFileSync(file, "utf8").replace("tokensPerDay: 1", "usdPerDay: 1"));
    const started = await cli("up", "--port", "0");
    expect(started.exitCode).toBe(2);
    expect(started.stderr).toContain("judging.budget.usdPerDay: the model our-own of the judge has no price");
  });
});
