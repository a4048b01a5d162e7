import { describe, expect, it } from "vitest";

import type { Task } from "../../src/core/run.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { openCapture } from "../../src/receiver/capture.ts";
import { caseOf } from "../datasets/case-of.ts";

/** What an agent of the contract does. */
export type Behaviour =
  /** Sends one span with the case's id as its name, then answers `answer to <case id>`. */
  | "answers"
  /** As before, but gives no answer of its own. */
  | "silent"
  /** Ends with an error that says `no model key`. */
  | "fails"
  /** Never ends, and starts a child process that never ends; writes both pids to a file. */
  | "hangs";

/** How the suite gets at agents of one kind. */
export interface TaskKind {
  /** `pidFile`: where a hanging agent writes its process ids, one per line. */
  make(behaviour: Behaviour, options: { readonly timeoutMs: number; readonly pidFile: string }): Task;
  /** A task whose agent is not there. */
  missing(): Task;
  /** One process serves every trial, so nothing of a trial is in its environment. Default false. */
  readonly shared?: boolean;
  /** What the identity holds. Default: the description. */
  readonly identity?: string;
  newPidFile(): string;
  readPids(path: string): Promise<readonly number[]>;
}

/** What every {@link Task} does. */
export function taskContract(name: string, kind: TaskKind): void {
  describe(`${name} as a task`, () => {
    const tryOnce = async (
      behaviour: Behaviour,
      options: { readonly timeoutMs?: number; readonly signal?: AbortSignal; readonly caseId?: string } = {},
    ) => {
      const { timeoutMs = 15_000, signal = new AbortController().signal, caseId = "case-1" } = options;
      const pidFile = kind.newPidFile();
      const task = kind.make(behaviour, { timeoutMs, pidFile });
      const capture = await openCapture();
      try {
        const [traceId, spanId] = ["ab".repeat(16), "cd".repeat(8)];
        const place = capture.open("trial", { traceId, spanId });
        const traceparent = `00-${traceId}-${spanId}-01`;
        const output = await task.run(caseOf(caseId), { trial: 2, ...place, traceparent, signal });
        const chunks = await capture
          .collect("trial", { quietMs: 0, signal: new AbortController().signal })
          .catch(() => []);
        return { output, spans: chunks.flatMap((chunk) => readSpans(chunk)), pidFile };
      } finally {
        await Promise.all([capture.close(), task.close()]);
      }
    };

    it("runs the agent on the case, with its spans at the endpoint of the trial", async () => {
      const caseId = "order \"A\" $(x) 'é'".replaceAll(/[^\w]/g, "_");
      const { output, spans } = await tryOnce("answers", { caseId });
      expect(output).toMatchObject({ answer: `answer to ${caseId}` });
      expect(output.fault).toBeUndefined();
      const told = { "tracegate.case.id": caseId, "tracegate.trial": "2" };
      expect(spans).toMatchObject([
        {
          name: caseId,
          traceId: "ab".repeat(16),
          parentSpanId: "cd".repeat(8),
          ...(kind.shared ? { attributes: told } : { resource: told }),
        },
      ]);
    });

    it("gives no answer where the agent gives none", async () => {
      const { output, spans } = await tryOnce("silent");
      expect(output.answer ?? output.fault).toBeUndefined();
      expect(spans).toHaveLength(1);
    });

    it("reports an agent that began and failed as one that crashed, with its last words", async () => {
      const { output } = await tryOnce("fails");
      expect(output.fault).toMatchObject({
        code: "agent-crashed",
        message: expect.stringContaining("no model key"),
      });
      expect(output.answer).toBeUndefined();
    });

    it("reports an agent that is not there as a fault that names it", async () => {
      const task = kind.missing();
      const output = await task.run(caseOf("a"), {
        trial: 1,
        endpoint: "http://127.0.0.1:9",
        traceparent: "",
        signal: new AbortController().signal,
      });
      expect(output.fault?.code).toBe("agent-failed-to-start");
      expect(output.fault?.message).toContain(task.description);
    });

    it("kills an agent that takes too long, with all it has started", async () => {
      const { output, pidFile } = await tryOnce("hangs", { timeoutMs: 1_500 });
      expect(output.fault).toMatchObject({
        code: "agent-timed-out",
        message: expect.stringContaining("did not end within 1500 ms and was"),
      });
      await expectGone(await kind.readPids(pidFile));
    });

    it("kills it when the run is stopped", async () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 1_000);
      const { output, pidFile } = await tryOnce("hangs", { signal: controller.signal });
      expect(output.fault?.code).toBe("aborted");
      await expectGone(await kind.readPids(pidFile));
    });

    it("does not start the agent when the run was stopped before", async () => {
      const { output } = await tryOnce("answers", { signal: AbortSignal.abort() });
      expect(output.fault?.code).toBe("aborted");
    });

    it("names what makes trials comparable, and nothing that changes from run to run", () => {
      const options = { timeoutMs: 1_000, pidFile: "x" };
      const [a, b] = [kind.make("answers", options), kind.make("answers", options)];
      expect(a.identity).toBe(b.identity);
      expect(a.identity).toContain(kind.identity ?? a.description);
      expect(a.identity).not.toBe(kind.missing().identity);
    });
  });
}

async function expectGone(pids: readonly number[]): Promise<void> {
  const alive = () =>
    pids.filter((pid) => {
      try {
        process.kill(pid, 0);
        return true;
      } catch {
        return false;
      }
    });
  expect(pids.length).toBeGreaterThan(0);
  await expect.poll(alive, { timeout: 5_000 }).toEqual([]);
}
