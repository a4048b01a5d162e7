import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";

import type { Task, TaskOutput } from "../../src/core/run.ts";
import { writeRecording } from "../../src/datasets/recordings.ts";
import type { ModelReply } from "../../src/llmwire/model-request.ts";
import { startModelServer } from "../../src/llmwire/model-server.ts";
import { type ReplayTaskOptions, replayTask } from "../../src/replay/replay-task.ts";
import { commandTask } from "../../src/tasks/command-task.ts";
import { moduleTask } from "../../src/tasks/module-task.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { replayTool } from "../../src/testing/replay-tool.ts";
import { caseOf } from "../datasets/case-of.ts";
import { temporaryFolders } from "../datasets/temporary-folder.ts";
import { ANSWER, recordingOf, replaying } from "./recordings.ts";

const here = (name: string) => relative(process.cwd(), fileURLToPath(new URL(name, import.meta.url)));
const agent = (name = "answer") => moduleTask({ path: here("./agent.ts"), export: name });
const python = () => commandTask({ command: ["python3", here("./agent.py")] });
const newFolder = temporaryFolders();

const setting = (trial = 1) => ({
  trial,
  endpoint: "http://127.0.0.1:9",
  traceparent: `00-${"ab".repeat(16)}-${"cd".repeat(8)}-01`,
  signal: new AbortController().signal,
});

afterEach(() => {
  delete process.env.OPENAI_BASE_URL;
  delete process.env.OPENAI_API_KEY;
});

async function replay(
  task: Task,
  options: Partial<ReplayTaskOptions> = {},
  recording = recordingOf(),
): Promise<TaskOutput> {
  const recordings = newFolder();
  const hash = await writeRecording(recordings, recording);
  const replayed = replayTask({ task, recordings, ...options });
  try {
    return await replayed.run(caseOf("a", { recording: hash }), setting());
  } finally {
    await replayed.close();
  }
}

const START = recordingOf().startedAt;

describe("an agent over replay", { timeout: 60_000 }, () => {
  it.each([
    ["in TypeScript, in a process of its own", agent, `${ANSWER} (${START})`],
    ["in Python", python, ANSWER],
  ])("%s, gives its recorded answer without a model, a key or its tools", async (_, task, expected) => {
    const { paidCalls, ...output } = await replay(task());
    expect(output).toMatchObject({ answer: expected, notes: [] });
    // What the trace tells of tokens was not paid now.
    expect(paidCalls?.(makeTrace().llmCalls)).toEqual([]);
  });

  it("takes several trials at once, each from its own beginning", async () => {
    const recordings = newFolder();
    const one = caseOf("a", { recording: await writeRecording(recordings, recordingOf()) });
    const task = replayTask({ task: python(), recordings });
    const outputs = await Promise.all([1, 2, 3].map((trial) => task.run(one, setting(trial))));
    await task.close();
    expect(outputs.map(({ answer }) => answer)).toEqual([ANSWER, ANSWER, ANSWER]);
  });

  it("ends as diverged when it asks for something else, and is not run on", async () => {
    const other = recordingOf({
      toolCalls: [{ name: "get_order", arguments: { order_id: "A-2" }, result: {} }],
    });
    const recording = { ...recordingOf(), toolCalls: other.toolCalls };
    const { fault, answer } = await replay(agent(), {}, recording);
    expect(answer).toBeUndefined();
    expect(fault).toMatchObject({
      code: "replay-diverged",
      message: expect.stringContaining(
        'get_order was called with {"order_id":"A-1"}. Expected: {"order_id":"A-2"}.',
      ),
    });
  });

  it("finds recorded clock, addresses and no key in its environment, under its own names too", async () => {
    process.env.OPENAI_API_KEY = "a real one";
    const environment = { MY_MODELS: "models", MY_TOOLS: "tools" } as const;
    const { answer } = await replay(
      agent("environment"),
      { environment },
      { ...recordingOf(), llmCalls: [] },
    );
    expect(JSON.parse(answer ?? "")).toEqual([
      "<url>/v1",
      "tracegate-replay",
      "<url>",
      "<url>",
      new Date(START ?? 0).toISOString(),
    ]);
  });

  it("keeps its own models and key when the models are live", async () => {
    process.env.OPENAI_API_KEY = "a real one";
    const { answer } = await replay(agent("environment"), {
      mode: "models-live",
      environment: { MY_MODELS: "models", MY_TOOLS: "tools" },
    });
    expect(JSON.parse(answer ?? "").slice(0, 4)).toEqual([null, "a real one", null, "<url>"]);
  });
});

describe("a live tool", () => {
  it("is run by its wrapper, and cannot be one that MCP serves", async () => {
    await replaying({ liveTools: ["get_order"], mode: "models-live" }, async ({ url, session }) => {
      vi.stubEnv("TRACEGATE_REPLAY_URL", url);
      const getOrder = replayTool("get_order", ({ order_id }: { order_id: string }) => `mended: ${order_id}`);
      expect(await getOrder({ order_id: "A-7" })).toBe("mended: A-7");
      vi.unstubAllEnvs();
      expect(session.signal.aborted).toBe(false);
      const call = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "get_order" } };
      const response = await fetch(`${url}/mcp`, { method: "POST", body: JSON.stringify(call) });
      expect(await response.text()).toContain("get_order is in liveTools, but over MCP");
      expect(session.end(false).fault?.code).toBe("replay-diverged");
    });
  });
});

describe("live models", { timeout: 60_000 }, () => {
  /** Says other things than were recorded. */
  const live = (reply: ModelReply, use: (baseUrl: string) => Promise<void>) =>
    (async () => {
      const server = await startModelServer({
        reply: ({ messages }) => (messages.at(-1)?.role === "tool" ? reply : { toolCalls: [GET] }),
      });
      try {
        await use(server.openaiBaseUrl);
      } finally {
        await server.close();
      }
    })();
  const GET = { name: "get_order", arguments: { order_id: "A-1" } };

  it("answer for themselves while the tools are recorded", async () => {
    await live({ text: "It is on its way." }, async (url) => {
      process.env.OPENAI_BASE_URL = url;
      process.env.OPENAI_API_KEY = "k";
      const { answer, fault } = await replay(agent(), { mode: "models-live" });
      expect(fault).toBeUndefined();
      expect(answer).toContain("It is on its way.");
    });
  });

  it("answer one step alone, the others are recorded", async () => {
    await live({ text: "A live last word." }, async (openai) => {
      process.env.OPENAI_API_KEY = "k";
      const upstream = { openai };
      const last = await replay(agent(), { mode: "one-live", live: { call: 2 }, upstream });
      expect(last).toMatchObject({ answer: `A live last word. (${START})`, notes: [] });
      const first = await replay(agent(), { mode: "one-live", live: { call: 1 }, upstream });
      expect(first.answer).toBe(`${ANSWER} (${START})`);
    });
  });

  it("may fail first: the client's next try is live too", async () => {
    process.env.OPENAI_API_KEY = "k";
    let asked = 0;
    const limited = { fault: "status", status: 429, headers: { "retry-after-ms": "1" } } as const;
    const server = await startModelServer({ reply: () => (++asked === 1 ? limited : { text: "At last." }) });
    const upstream = { openai: server.openaiBaseUrl };
    const output = await replay(agent(), { mode: "one-live", live: { call: 2 }, upstream });
    await server.close();
    expect(output).toMatchObject({ answer: `At last. (${START})`, notes: [] });
    expect(asked).toBe(2);
    // What was paid: the live call with its tries, not the recorded ones around it.
    const { llmCalls } = makeTrace({ llmCalls: [{}, { error: { type: "429" } }, { model: "live" }, {}] });
    expect(output.paidCalls?.(llmCalls)).toEqual(llmCalls.slice(1, 3));
  });
});

describe("a replay task", () => {
  it("counts trials of other modes, faults or matching apart", () => {
    const task = python();
    const identities = [
      replayTask({ task }),
      replayTask({ task, mode: "models-live" }),
      replayTask({ task, mode: "one-live", live: { call: 1 } }),
      replayTask({ task, mode: "one-live", live: { call: 2 } }),
      replayTask({ task, match: "order" }),
      replayTask({ task, faults: [{ tool: "get_order", kind: "error" }] }),
      replayTask({ task, liveTools: ["get_order"] }),
      replayTask({ task: commandTask({ command: "other" }) }),
    ].map(({ identity }) => identity);
    expect(new Set([...identities, task.identity]).size).toBe(9);
    expect(replayTask({ task: python() }).identity).toBe(identities[0]);
  });

  it("does not run a case that has no recording, or one whose recording is not there", async () => {
    const task = replayTask({ task: python(), recordings: newFolder() });
    const without = await task.run(caseOf("a"), setting());
    expect(without.fault).toMatchObject({
      code: "replay-diverged",
      message: expect.stringContaining("Case a has no recording"),
    });
    const missing = await task.run(caseOf("a", { recording: "0123456789abcdef" }), setting());
    expect(missing.fault?.message).toContain("0123456789abcdef.json: this recording is not there");
    await task.close();
  });

  it("refuses agents in threads, which could not tell a replay from production", async () => {
    const { fault } = await replay(
      moduleTask({ path: here("./agent.ts"), export: "answer", isolation: "thread" }),
    );
    expect(fault?.message).toContain('Set isolation: "process"');
  });

  it.each([
    [{ mode: "one-live" }, 'live: { call } belongs to mode "one-live"'],
    [{ live: { call: 1 } }, 'live: { call } belongs to mode "one-live"'],
    [{ mode: "one-live", live: { call: 0 } }, "calls are counted from 1, so 0 names none"],
    [
      { liveTools: ["pay"], faults: [{ tool: "pay", kind: "error" }] },
      "pay is in liveTools, so no fault can be planted",
    ],
    [{ task: replayTask({ task: python() }) }, "task is of kind replay"],
  ] as const)("refuses options that do not fit together: %j", (options, message) => {
    expect(() => replayTask({ task: python(), ...options })).toThrow(message);
  });
});
