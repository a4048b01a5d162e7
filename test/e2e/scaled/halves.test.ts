import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type Collector, startCollector } from "../../../src/testing/collector.ts";
import { otlp } from "../../../src/testing/spans.ts";
import { idOf, run, sketchOf } from "../../cli/agent-traces.ts";
import { runCli } from "../../cli/run-cli.ts";
import { type RunningProcess, startUp, startWork, type UpProcess } from "../../cli/up-process.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";
import { hasPostgres, type Services, startServices } from "./services.ts";

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** A scorer that says who has a trace in hand, and keeps it until there is a file `go`. */
const config = (sinkUrl: string) => `
import { appendFileSync, existsSync } from "node:fs";
import { defineConfig, defineScorer, otlp, toolErrors } from "tracegate";

const patient = defineScorer("patient", async ({ trace, signal }) => {
  if (trace.input === "hold") appendFileSync("${folder.path}/held", process.pid + "\\n");
  while (trace.input === "hold" && !existsSync("${folder.path}/go") && !signal.aborted)
    await new Promise((wake) => setTimeout(wake, 20));
  return true;
});

export default defineConfig({
  scorers: [toolErrors(), patient],
  completion: { afterRootMs: 100, idleMs: 600_000 },
  worker: { ruleTimeoutMs: 120_000 },
  sinks: [otlp({ endpoint: ${JSON.stringify(sinkUrl)} })],
});
`;

/** A folder as on a machine of its own. */
function machine(name: string, sinkUrl: string): string {
  const path = join(folder.path, name);
  mkdirSync(path);
  writeFileSync(join(path, "tracegate.config.ts"), config(sinkUrl));
  return path;
}

describe.skipIf(!hasPostgres)(
  "receive and work, on Redis and PostgreSQL (npm run setup installs them)",
  () => {
    let services: Services;
    let sink: Collector;
    let receivers: readonly [UpProcess, UpProcess];
    let worker: RunningProcess;
    let home: string;

    beforeAll(async () => {
      [services, sink] = await Promise.all([startServices(), startCollector()]);
      const { env } = services;
      home = machine("home", sink.url);
      receivers = await Promise.all([
        startUp(machine("receiver-1", sink.url), { command: "receive", env }),
        startUp(machine("receiver-2", sink.url), { command: "receive", env }),
      ]);
      worker = await startWork(home, { env });
    }, 60_000);
    afterAll(async () => {
      // None of them is there when the start failed.
      await Promise.all([...(receivers ?? []), worker].map((one) => one?.stop("SIGKILL")));
      await Promise.all([services.close(), sink.close()]);
    });

    it("say where they listen, what scores, and where everything is", () => {
      const said = (one: RunningProcess) => one.log.map(({ msg }) => msg);
      expect(said(receivers[0])).toContain(
        `listening on ${receivers[0].url} for OTLP/HTTP, configuration ${join(folder.path, "receiver-1/tracegate.config.ts")}; state in Redis and PostgreSQL`,
      );
      expect(said(worker)).toContain(
        `working: 2 scorers, no judge: set OPENAI_API_KEY or ANTHROPIC_API_KEY; configuration ${join(home, "tracegate.config.ts")}; state in Redis and PostgreSQL`,
      );
    });

    it("score a trace whose spans came to two receivers as one, send it on, and why tells of it from any machine", async () => {
      const sketch = sketchOf({ traceId: idOf(1) });
      const [{ children = [], ...root }] = sketch.spans;
      const spanId = "00000000000000ff";
      const below = children.map((span) => ({ ...span, parentSpanId: spanId }));
      expect((await receivers[0].send(otlp({ ...sketch, spans: below }))).status).toBe(200);
      expect((await receivers[1].send(otlp({ ...sketch, spans: [{ ...root, spanId }] }))).status).toBe(200);
      expect(await worker.scored(idOf(1))).toMatchObject({ revision: 1, scores: 2 });
      await sink.waitFor((one) => one.rootAttributes(idOf(1))?.["tracegate.score.patient"] === 1);
      const { env } = services;
      const why = await runCli(["why", "000001"], { cwd: machine("laptop", sink.url), env });
      expect(why.stderr).toBe("");
      expect(why.stdout).toContain("Revision 1 with 4 spans was scored");
      const show = await runCli(["show", idOf(1), "--format", "json"], { cwd: home, env });
      expect(JSON.parse(show.stdout)).toMatchObject({ traceId: idOf(1), completion: "root-ended" });
    });

    it("work as up too, beside them", async () => {
      const up = await startUp(machine("both", sink.url), { env: services.env });
      await up.said(({ msg }) => String(msg).includes("queue BullMQ; state in Redis and PostgreSQL"));
      await up.send(run({ traceId: idOf(2) }));
      await Promise.any([up.scored(idOf(2)), worker.scored(idOf(2))]);
      expect(await up.stop()).toBe(0);
    });

    it("keep scores in PostgreSQL where that is all there is, and spans that wait in the state folder", async () => {
      const { DATABASE_URL } = services.env;
      const path = machine("database-only", sink.url);
      const up = await startUp(path, { env: { DATABASE_URL } });
      await up.said(({ msg }) => String(msg).includes("queue embedded; state in .tracegate and PostgreSQL"));
      await up.send(run({ traceId: idOf(3) }));
      await up.scored(idOf(3));
      expect(await up.stop()).toBe(0);
      const elsewhere = await runCli(["show", idOf(3), "--format", "json"], {
        cwd: machine("other-laptop", sink.url),
        env: { DATABASE_URL },
      });
      expect(JSON.parse(elsewhere.stdout)).toMatchObject({ traceId: idOf(3) });
    });

    it("hide the passwords of services in what they say", async () => {
      const { REDIS_URL } = services.env;
      const env = { REDIS_URL, DATABASE_URL: "postgres://tracegate:correct-horse@127.0.0.1:1/postgres" };
      const { stderr, exitCode } = await runCli(["work"], { cwd: home, env });
      expect(exitCode).toBe(1);
      expect(stderr).toContain("127.0.0.1:1");
      expect(stderr).not.toContain("correct-horse");
    });
  },
);

describe("receive and work without services", () => {
  it("say what to set, and that up needs none", async () => {
    const cwd = folder.path;
    for (const command of ["receive", "work"]) {
      const neither = await runCli([command], { cwd });
      expect(neither.exitCode).toBe(2);
      expect(neither.stderr).toContain(
        `\`tracegate ${command}\` shares its work with other processes through Redis and PostgreSQL, and REDIS_URL and DATABASE_URL are not set.`,
      );
      expect(neither.stderr).toContain("or start `tracegate up`, which needs no service");
      const one = await runCli([command], { cwd, env: { REDIS_URL: "redis://127.0.0.1:1" } });
      expect(one.stderr).toContain("and DATABASE_URL is not set");
    }
  });
});
