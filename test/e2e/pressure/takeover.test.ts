import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type Collector, startCollector } from "../../../src/testing/collector.ts";
import { idOf, run } from "../../cli/agent-traces.ts";
import { type RunningProcess, startUp, startWork, type UpProcess } from "../../cli/up-process.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";
import { hasPostgres, type Services, startServices } from "../scaled/services.ts";

/** One slot; a trace that asks "hold N" is held until there is a file `go-N`, and who holds it is written down. */
const config = (sinkUrl: string) => `
import { appendFileSync, existsSync } from "node:fs";
import { defineConfig, defineScorer, otlp } from "tracegate";

const patient = defineScorer("patient", async ({ trace, signal }) => {
  const [word, name] = String(trace.input).split(" ");
  if (word === "hold") appendFileSync("held", name + " " + process.pid + "\\n");
  while (word === "hold" && !existsSync("go-" + name) && !signal.aborted)
    await new Promise((wake) => setTimeout(wake, 20));
  return true;
});

export default defineConfig({
  scorers: [patient],
  completion: { afterRootMs: 50 },
  worker: { concurrency: 1, ruleTimeoutMs: 120_000 },
  sinks: [otlp({ endpoint: ${JSON.stringify(sinkUrl)} })],
});
`;

describe.skipIf(!hasPostgres)("workers on Redis and PostgreSQL (npm run setup installs them)", () => {
  const folder = temporaryFolder();
  const workers = new Set<RunningProcess>();
  let services: Services;
  let sink: Collector;
  let receiver: UpProcess;

  beforeAll(async () => {
    [services, sink] = await Promise.all([startServices(), startCollector()]);
    writeFileSync(join(folder.path, "tracegate.config.ts"), config(sink.url));
    receiver = await startUp(folder.path, { command: "receive", env: services.env });
  }, 60_000);
  afterAll(async () => {
    for (const one of [receiver, ...workers]) await one?.stop("SIGKILL");
    await Promise.all([services.close(), sink.close()]);
    folder.remove();
  });

  const work = async (args: readonly string[] = []): Promise<RunningProcess> => {
    const worker = await startWork(folder.path, { env: services.env, args });
    workers.add(worker);
    return worker;
  };
  const heldBy = (name: string): number[] => {
    try {
      const lines = readFileSync(join(folder.path, "held"), "utf8").trim().split("\n");
      return lines
        .map((line) => line.split(" "))
        .flatMap(([held, pid]) => (held === name ? [Number(pid)] : []));
    } catch {
      return [];
    }
  };
  const held = (name: string, times = 1) =>
    expect.poll(() => heldBy(name), { timeout: 45_000, interval: 50 }).toHaveLength(times);
  const go = (name: string) => writeFileSync(join(folder.path, `go-${name}`), "");
  const hold = async (number: number, name: string) => {
    await receiver.send(run({ traceId: idOf(number), question: `hold ${name}` }));
  };

  it("take over what a killed one and a stalled one had in hand, and each trace has one score", async () => {
    await Promise.all([work(), work()]);
    await hold(1, "killed");
    await hold(2, "stalled");
    await Promise.all([held("killed"), held("stalled")]);
    const holderOf = (name: string) => {
      const holder = [...workers].find(({ pid }) => pid === heldBy(name)[0]);
      if (holder === undefined) throw new Error("nobody holds it");
      return holder;
    };
    const killed = holderOf("killed");
    const stalled = holderOf("stalled");
    process.kill(stalled.pid, "SIGSTOP");
    expect(await killed.stop("SIGKILL")).toBe("SIGKILL");
    const third = await work();
    for (const name of ["killed", "stalled"]) go(name);
    const scored = await Promise.all([1, 2].map((number) => third.scored(idOf(number), 1, 60_000)));
    expect(scored).toMatchObject([{ scores: 1 }, { scores: 1 }]);
    process.kill(stalled.pid, "SIGCONT");
    // Awake again it finds the trace done, and works on.
    await receiver.send(run({ traceId: idOf(3) }));
    await receiver.send(run({ traceId: idOf(4) }));
    await sink.waitFor(({ scoreIds }) => scoreIds().size === 4, 30_000);
    expect(await third.stop()).toBe(0);
    expect(await stalled.stop()).toBe(0);
    expect(sink.counts().scores).toBe(4);
  }, 150_000);

  it("finish what is in hand when they are told to stop, take nothing new, and end with 0", async () => {
    const worker = await work();
    await hold(11, "draining");
    await held("draining");
    await receiver.send(run({ traceId: idOf(12) }));
    const ended = worker.stop("SIGTERM");
    await worker.said(({ msg }) => String(msg).startsWith("stopping"));
    go("draining");
    expect(await ended).toBe(0);
    expect(worker.log.filter((line) => "scores" in line)).toMatchObject([{ traceId: idOf(11) }]);
    const next = await work();
    expect(await next.scored(idOf(12))).toMatchObject({ scores: 1 });
    expect(await next.stop()).toBe(0);
  }, 60_000);

  it("give back what is not done within the time, for another one at once", async () => {
    const worker = await work(["--grace", "1"]);
    await hold(21, "late");
    await held("late");
    expect(await worker.stop("SIGTERM")).toBe(0);
    const next = await work();
    await held("late", 2);
    go("late");
    expect(await next.scored(idOf(21))).toMatchObject({ revision: 1 });
    expect(await next.stop()).toBe(0);
  }, 60_000);

  it("end at once at the second signal, and lose nothing by it", async () => {
    const worker = await work();
    await hold(31, "hurried");
    await held("hurried");
    const ended = worker.stop("SIGINT");
    await worker.said(({ msg }) => String(msg).startsWith("stopping"));
    process.kill(worker.pid, "SIGINT");
    expect(await ended).toBe(130);
    go("hurried");
    const next = await work();
    expect(await next.scored(idOf(31), 1, 45_000)).toMatchObject({ scores: 1 });
    expect(await next.stop()).toBe(0);
  }, 90_000);
});
