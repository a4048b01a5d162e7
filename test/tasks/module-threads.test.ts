import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";

import type { Task } from "../../src/core/run.ts";
import { moduleTask } from "../../src/tasks/module-task.ts";
import { caseOf } from "../datasets/case-of.ts";

const AGENTS = fileURLToPath(new URL("./thread-agents.ts", import.meta.url));
const tasks: Task[] = [];

afterEach(async () => {
  await Promise.all(tasks.splice(0).map((task) => task.close()));
});

function inThreads(name: string, timeoutMs = 10_000): Task {
  const task = moduleTask({ path: AGENTS, export: name, timeoutMs, isolation: "thread" });
  tasks.push(task);
  return task;
}

function setting(endpoint = "http://127.0.0.1:9", signal = new AbortController().signal) {
  return { trial: 1, endpoint, traceparent: "00-x", signal };
}

describe("a module task in threads", () => {
  it("runs many trials side by side, each with a setting of its own", async () => {
    const task = inThreads("echoes");
    const ids = Array.from({ length: 50 }, (_, index) => `case-${index}`);
    const outputs = await Promise.all(ids.map((id) => task.run(caseOf(id), setting(`http://x/${id}`))));
    expect(outputs).toEqual(ids.map((id) => ({ answer: `${id} at http://x/${id}` })));
  });

  it("loads the module once per thread, however many trials there are", async () => {
    const task = inThreads("counts");
    const outputs = [];
    for (let trial = 0; trial < 5; trial++) outputs.push((await task.run(caseOf("a"), setting())).answer);
    expect(outputs).toEqual(["1", "2", "3", "4", "5"]);
  });

  it("loads the module anew once it is renewed", async () => {
    const task = inThreads("counts");
    const count = async () => (await task.run(caseOf("a"), setting())).answer;
    expect([await count(), await count()]).toEqual(["1", "2"]);
    await task.renew?.();
    expect([await count(), await count()]).toEqual(["1", "2"]);
  });

  it("reports an agent that throws as one that crashed, and goes on", async () => {
    const task = inThreads("fails");
    for (let trial = 0; trial < 2; trial++) {
      const { fault } = await task.run(caseOf("a"), setting());
      expect(fault).toMatchObject({ code: "agent-crashed" });
      expect(fault?.message).toContain("no model key");
    }
  });

  it("says which functions there are when the named one is not", async () => {
    const { fault } = await inThreads("nothing").run(caseOf("a"), setting());
    expect(fault?.code).toBe("agent-failed-to-start");
    expect(fault?.message).toContain("it exports no function named nothing, but blocks, counts, ");
  });

  it("gives a trial up at its time limit, and the thread serves the next one", async () => {
    const task = inThreads("waits", 200);
    const first = await task.run(caseOf("a"), setting());
    expect(first.fault).toMatchObject({ code: "agent-timed-out", limitMs: 200 });
    expect(first.fault?.message).toContain("did not end within 200 ms");
    expect((await task.run(caseOf("b"), setting())).fault?.code).toBe("agent-timed-out");
  });

  it("kills a thread that an agent blocks for ever", async () => {
    const task = inThreads("blocks", 200);
    const outputs = await Promise.all([task.run(caseOf("a"), setting()), task.run(caseOf("b"), setting())]);
    expect(outputs.map(({ fault }) => fault?.code)).toEqual(["agent-timed-out", "agent-timed-out"]);
    await task.close();
  });

  it("reports an agent that ends its thread, and starts another for the next trial", async () => {
    const task = inThreads("exits");
    for (let trial = 0; trial < 2; trial++) {
      const { fault } = await task.run(caseOf("a"), setting());
      expect(fault?.message).toContain("its thread ended. Does it call process.exit()?");
    }
  });

  it("ends a trial when the run is stopped, and begins none after that", async () => {
    const controller = new AbortController();
    const task = inThreads("waits");
    const running = task.run(caseOf("a"), setting("http://x", controller.signal));
    controller.abort();
    expect((await running).fault?.code).toBe("aborted");
    expect((await task.run(caseOf("b"), setting("http://x", controller.signal))).fault?.code).toBe("aborted");
  });

  it("keeps production's telemetry settings from the agent", async () => {
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = "http://production:4318";
    try {
      const { answer } = await inThreads("environment").run(caseOf("a"), setting());
      expect(answer).toBe('[null,"parentbased_always_on"]');
    } finally {
      delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
    }
  });
});
