import { describe, expect, it } from "vitest";

import type { Task } from "../../../src/core/run.ts";
import { agent, evaluateAnswer, ruleScore } from "../gate-fakes.ts";
import { cases, crash, gate, named, SIZE, sound } from "./controlled-gate.ts";

/** Crashes on the cases that `wanted` picks, by id and number of the call, and else answers well. */
function crashing(wanted: (id: string, call: number) => boolean, message?: string): Task {
  let calls = 0;
  return agent(({ id }) => (wanted(id, ++calls) ? crash(message) : `good answer to ${id}`));
}

const on = (...broken: string[]) => crashing((id) => broken.includes(id));
const everywhere = (message?: string) => crashing(() => true, message);

describe("an agent that crashes on a guarding case where main, tried beside it, answers", () => {
  it("blocks for one of 40 cases, and says what it crashed with", async () => {
    const report = await gate(on("case-7"), sound);
    const { verdict, control } = report;
    expect(verdict).toMatchObject({ status: "block", controlled: true });
    expect(verdict.title).toMatch(/^Blocked: case-7 .*crashes here \(\d of \d trials\); main answers\.$/);
    expect(verdict.reasons[0]).toMatch(
      /main answers \(right passed (\d) of \1 of its trials beside it\)\. Error: planted/,
    );
    expect(named(report, "regressed")).toEqual(["case-7"]);
    expect(verdict.cases[7]).toMatchObject({ candidate: { passes: 0 }, unscored: 0 });
    expect(control?.results.length).toBeLessThanOrEqual(6);
    expect(report.run.results.length - SIZE).toBeLessThanOrEqual(8);
  });

  it("blocks for all cases, by trials of main on three of them", async () => {
    const report = await gate(everywhere(), sound);
    expect(report.verdict.status).toBe("block");
    expect(report.verdict.title).toBe(
      "Blocked: 40 cases crash here; main answers on the 3 that it was tried on.",
    );
    expect(named(report, "regressed")).toHaveLength(3);
    expect(report.verdict.reasons[3]).toBe("37 cases break down as well; main was not tried on them.");
    expect(report.verdict.reasons.join("\n")).not.toContain("Unsettled");
    expect(report.control?.results.length).toBeLessThanOrEqual(18);
    expect(report.run.results.length).toBeLessThanOrEqual(SIZE + 18);
  });

  it("blocks with few trials of a case, for it takes five pairs", async () => {
    for (const maxTrials of [2, 4]) {
      const report = await gate(on("case-7"), sound, { policy: { maxTrials } });
      expect(named(report, "regressed"), String(maxTrials)).toEqual(["case-7"]);
    }
  });

  it("blocks where a scorer that fails now and then keeps the evidence of all cases low", async () => {
    let judged = 0;
    const noisy = {
      dataset: {
        name: "cases",
        path: "cases.jsonl",
        cases: cases.map((one) => ({ ...one, mustPass: ["right", "noisy"] })),
      },
      scorers: (["right", "noisy"] as const).map((name) => ({ name, version: "1", kind: "rule" as const })),
      evaluate: async (subject: Parameters<typeof evaluateAnswer>[0]) => [
        ...(await evaluateAnswer(subject)),
        ruleScore("noisy", ++judged % 3 !== 0),
      ],
    };
    const report = await gate(on("case-7"), sound, { policy: { maxTrials: 3 } }, noisy);
    expect(report.verdict).toMatchObject({ status: "block", controlled: true });
    expect([...new Set(named(report, "regressed"))]).toEqual(["case-7"]);
    const alone = await gate(on("case-7"), null, { policy: { maxTrials: 3 } }, noisy);
    expect(alone.verdict.status).toBe("inconclusive");
  });

  it("blocks for three of 40 that each crashed once; for one that crashes in most trials it is open at least", async () => {
    expect(named(await gate(on("case-1", "case-5", "case-9"), sound), "regressed")).toEqual([
      "case-1",
      "case-5",
      "case-9",
    ]);
    let tried = 0;
    const mostly = crashing((id) => id === "case-3" && ++tried !== 7);
    expect((await gate(mostly, sound)).verdict.status).toBe("inconclusive");
  });

  it("blocks beside a case that fails, and names both", async () => {
    const both = agent(({ id }) =>
      id === "case-2" ? crash() : id === "case-4" ? `bad answer to ${id}` : `good answer to ${id}`,
    );
    const report = await gate(both, sound);
    expect(report.verdict.title).toBe("Blocked: 2 cases that main passes fail here.");
    expect(named(report, "regressed")).toEqual(["case-2", "case-4"]);
  });

  it("never enters main's history", async () => {
    const { recorded, added } = await gate(on("case-7"), null, { record: true });
    expect({ recorded, added }).toEqual({ recorded: false, added: 0 });
  });
});

describe("an agent that crashes is not blamed", () => {
  it("when main crashes too, as when the provider of both is down", async () => {
    const { verdict, control } = await gate(
      everywhere("503 from the model"),
      everywhere("503 from the model"),
    );
    expect(verdict.status).toBe("inconclusive");
    expect(verdict.reasons[0]).toMatch(/^Not controlled: main crashes too: 503 from the model/);
    expect(control).toBeUndefined();
  });

  it("when main crashes in that case and answers others, and the report says both", async () => {
    const change = agent(({ id }) =>
      id === "case-2" ? crash() : id === "case-4" ? `bad answer to ${id}` : `good answer to ${id}`,
    );
    const report = await gate(change, on("case-2"));
    expect(report.verdict.status).toBe("block");
    expect(named(report, "regressed")).toEqual(["case-4"]);
    expect(named(report, "unscored")).toEqual(["case-2"]);
    const alone = await gate(on("case-2", "case-4"), on("case-2", "case-4"));
    expect(alone.verdict.status).toBe("inconclusive");
  });

  it("by a crash from before main was tried, where all cases are tried beside main", async () => {
    let calls = 0;
    let tried = 0;
    const half = agent(({ id }) => {
      if (id === "case-39" && ++tried <= 2) return crash();
      return calls++ % 2 === 0 ? `bad answer to ${id}` : `good answer to ${id}`;
    });
    const { control, run } = await gate(half, sound);
    const crashed = run.results.filter(({ fault }) => fault?.code === "agent-crashed");
    const beside = control?.results.filter(({ caseId }) => caseId === "case-39").map(({ trial }) => trial);
    expect(crashed.map(({ caseId, trial }) => `${caseId} ${trial}`)).toEqual(["case-39 1"]);
    expect(beside?.length).toBeGreaterThan(0);
    expect(beside).not.toContain(1);
  });

  it("when the outage is over by the time that main is tried", async () => {
    const { verdict } = await gate(
      crashing((_, call) => call <= 2 * SIZE),
      sound,
    );
    expect(verdict.status).toBe("inconclusive");
    expect(named({ verdict } as never, "regressed")).toEqual([]);
  });

  it("by an outage that is over and that the change lives with until it is begun anew, as main is", async () => {
    let isWorn = true;
    const renew = async () => {
      isWorn = false;
    };
    const change = { ...crashing(() => isWorn, "a promise made at load"), renew };
    const report = await gate(change, sound);
    expect(isWorn).toBe(false);
    expect(report.verdict.status).toBe("inconclusive");
    expect(named(report, "regressed")).toEqual([]);
  });

  it("for a case beside it in one service: in the control these are tried apart", async () => {
    const count = { running: 0, most: 0 };
    const run = agent(async ({ id }) => {
      count.most = Math.max(count.most, ++count.running);
      await new Promise((wake) => setTimeout(wake, 1)).finally(() => count.running--);
      return ["case-1", "case-2"].includes(id) ? crash() : { answer: `good answer to ${id}` };
    });
    await gate({ ...run, renew: async () => void Object.assign(count, { most: 0 }) }, sound);
    expect(count.most).toBe(1);
  });

  it("and either side begins anew after a breakdown", async () => {
    const begun = { main: 0, change: 0 };
    const main = { ...on("case-9"), renew: async () => void begun.main++ };
    const change = { ...on("case-7", "case-9"), renew: async () => void begun.change++ };
    const report = await gate(change, main);
    expect(named(report, "regressed")).toEqual(["case-7"]);
    const pairs = Math.max(...(report.control?.results ?? []).map(({ trial }) => trial)) - 1;
    expect(begun.change - begun.main).toBe(1);
    expect(begun.change).toBeGreaterThan(2);
    expect(begun.change).toBeLessThanOrEqual(pairs);
  });

  it("when it crashed once and answers when it is tried again: that passes as before", async () => {
    let tried = 0;
    const { verdict } = await gate(
      crashing((id) => id === "case-3" && ++tried <= 2),
      sound,
    );
    expect(verdict.status).toBe("pass");
    expect(verdict.controlled).toBeUndefined();
  });

  it.each([
    ["there is no control", null, /^the agent crashes|^case/],
    [
      "the control cannot be made",
      { reason: "the set-up ended with exit code 1" },
      /^Not controlled: the set-up/,
    ],
    [
      "main does not start",
      agent(() => ({ fault: { code: "agent-failed-to-start", message: "no such file" } })),
      /^Not controlled: main's agent could not be tried: no such file/,
    ],
  ] as const)("where %s: it is inconclusive, and says what it takes", async (_, mainNow, first) => {
    const { verdict } = await gate(on("case-7"), mainNow);
    expect(verdict.status).toBe("inconclusive");
    expect(verdict.title).toContain("the agent crashes on 1 guarding case");
    expect(verdict.reasons.join("\n")).toContain("Error: planted");
    if (mainNow) {
      expect(verdict.reasons[0] ?? "").toMatch(first);
      expect(verdict.reasons.join("\n")).toContain(
        "An agent that breaks down blocks only where main, tried beside the change, answers",
      );
    }
  });

  it("when it does not start at all, here and on main", async () => {
    const missing = agent(() => ({ fault: { code: "agent-failed-to-start", message: "ENOENT" } }));
    const { verdict, control } = await gate(missing, missing);
    expect(verdict.status).toBe("inconclusive");
    expect(verdict.controlled).toBeUndefined();
    expect(control).toBeUndefined();
  });

  it("when it does not start here and main does: that is not told from an installation that failed", async () => {
    const missing = agent(() => ({ fault: { code: "agent-failed-to-start", message: "ENOENT" } }));
    expect((await gate(missing, sound)).verdict.status).toBe("inconclusive");
  });
});

const LIMIT_MS = 60_000;

/** Does not end in time, or ends in silence, on the cases that `wanted` picks; else it answers well, after `tookMs`. */
function breaking(how: "hangs" | "silent", wanted: (id: string) => boolean, tookMs = 1_000) {
  const tried: string[] = [];
  const task = agent(({ id }) => {
    tried.push(id);
    if (!wanted(id)) return { answer: `good answer to ${id}`, tookMs };
    if (how === "silent") return {};
    return { fault: { code: "agent-timed-out", message: "planted", limitMs: LIMIT_MS } };
  });
  return { task, tried };
}

describe.each([
  ["hangs", "does not end within 60 s", "do not end in time", "main does not end in time either"],
  [
    "silent",
    "ends without an answer or spans",
    "end without an answer or spans",
    "main gives no answer and no spans either",
  ],
] as const)("an agent that breaks down in another way (%s)", (how, one, many, too) => {
  const sound = breaking(how, () => false).task;

  it("is blocked for one of 40 cases where main answers", async () => {
    const change = breaking(how, (id) => id === "case-7");
    const report = await gate(change.task, sound);
    expect(report.verdict).toMatchObject({ status: "block", controlled: true });
    expect(report.verdict.title).toMatch(/^Blocked: case-7 .* here \((\d) of \1 trials\); main answers\.$/);
    expect(report.verdict.title).toContain(` ${one} here`);
    expect(named(report, "regressed")).toEqual(["case-7"]);
    expect(report.control?.results.length).toBeLessThanOrEqual(6);
    expect(report.run.results.length - SIZE).toBeLessThanOrEqual(8);
  });

  it("is blocked for all cases", async () => {
    const report = await gate(breaking(how, () => true).task, sound);
    const { title } = report.verdict;
    const tried = how === "hangs" ? "one" : "3";
    expect(title).toBe(`Blocked: 40 cases ${many} here; main answers on the ${tried} that it was tried on.`);
  });

  it("is not blamed where main breaks down alike", async () => {
    const { verdict } = await gate(breaking(how, () => true).task, breaking(how, () => true).task);
    expect(verdict.status).toBe("inconclusive");
    expect(verdict.reasons[0]).toContain(`Not controlled: ${too}: `);
    const only = (id: string) => id === "case-2";
    expect((await gate(breaking(how, only).task, breaking(how, only).task)).verdict.status).toBe(
      "inconclusive",
    );
  });

  it("is inconclusive without a control, and says so", async () => {
    const { verdict } = await gate(breaking(how, (id) => id === "case-7").task, null);
    expect(verdict.status).toBe("inconclusive");
    expect(verdict.title).toContain(`the agent ${one} on 1 guarding case, and main was not tried`);
  });
});

describe("an agent that hangs", () => {
  const count = (tried: readonly string[]) => tried.length;

  it("is given its time twice once for a case, and no more once three have hung; main is tried on one", async () => {
    const change = breaking("hangs", () => true);
    const main = breaking("hangs", () => false);
    const { control } = await gate(change.task, main.task);
    expect(new Set(control?.results.map(({ caseId }) => caseId)).size).toBe(1);
    expect(control?.results.length).toBeLessThanOrEqual(6);
    // Four are tried at once, so all of these may be given their time twice.
    expect(count(change.tried)).toBeLessThanOrEqual(SIZE + 4 + 6);
    const single = breaking("hangs", (id) => id === "case-7");
    await gate(single.task, sound);
    expect(count(single.tried) - (SIZE - 1)).toBeLessThanOrEqual(10);
  });

  it("is blamed by a second case where main hangs on the first, too", async () => {
    let first: string | undefined;
    const main = agent(({ id }) => {
      first ??= id;
      if (id !== first) return { answer: `good answer to ${id}`, tookMs: 10 };
      return { fault: { code: "agent-timed-out", message: "planted", limitMs: LIMIT_MS } };
    });
    const report = await gate(breaking("hangs", () => true).task, main);
    expect(report.verdict.status).toBe("block");
    expect(named(report, "regressed")).not.toContain(first);
    expect(named(report, "regressed")).toHaveLength(1);
  });

  it("is not blamed where main needs more than half of the limit, and tries that no more than twice", async () => {
    const only = (id: string) => id === "case-7";
    const slow = breaking("hangs", () => false, 31_000);
    const { verdict, control } = await gate(breaking("hangs", only).task, slow.task);
    expect(verdict.status).toBe("inconclusive");
    expect(verdict.title).toBe(
      "Inconclusive: main answers in up to 31 s where this change did not end within 60 s, which is too near to the limit to tell a broken change from a slow machine.",
    );
    expect(control?.results.length).toBe(2);
    const quick = breaking("hangs", () => false, 30_000);
    expect((await gate(breaking("hangs", only).task, quick.task)).verdict.status).toBe("block");
  });

  it("and crashes in turn is told as an agent that breaks down", async () => {
    let calls = 0;
    const change = agent(({ id }) => {
      if (id !== "case-7") return `good answer to ${id}`;
      const code = ++calls % 2 === 0 ? "agent-crashed" : "agent-timed-out";
      return {
        fault: { code, message: "planted", ...(code === "agent-timed-out" && { limitMs: LIMIT_MS }) },
      };
    });
    const { verdict } = await gate(change, breaking("hangs", () => false).task);
    expect(verdict.title).toMatch(/^Blocked: case-7 .*(breaks down|crashes) here/);
  });
});
