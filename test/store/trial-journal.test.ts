import { appendFileSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import type { Result } from "../../src/core/run.ts";
import { type JournalHead, readJournal, TrialJournal } from "../../src/store/trial-journal.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folder = temporaryFolder();
afterAll(() => folder.remove());

const head: JournalHead = {
  v: 1,
  setting: { version: "1", commit: "c0ffee", cases: "a", scorers: "b", task: "c", policy: "{}" },
  changes: { "src/agent.ts": "abc" },
};

function trial(caseId: string, explanation = "fine"): Result {
  const score = { name: "right", version: "1", kind: "rule", value: 1, label: null, explanation } as const;
  return {
    caseId,
    trial: 1,
    trace: null,
    scores: [{ ...score, evidence: [], unscored: null, passAt: 0.5, metadata: {} }],
    fault: null,
    durationMs: 5,
    evidenceHash: null,
  };
}

/** A journal with a clock that a test sets. */
async function journal(name: string) {
  const path = join(folder.path, name);
  const clock = { time: 1_000, now: () => clock.time };
  return { path, clock, open: await TrialJournal.begin(path, head, clock) };
}

describe("the journal of a gate run", () => {
  it("gives back what was added, to another process too, before it is closed", async () => {
    const { path, open } = await journal("added.jsonl");
    await open.add(trial("a"));
    await Promise.all(["b", "c", "d"].map((id) => open.add(trial(id))));
    const content = await readJournal(path);
    expect(content).toMatchObject({ head, startedAt: 1_000 });
    expect(content?.results).toEqual(["a", "b", "c", "d"].map((id) => trial(id)));
    await open.close();
  });

  it("remembers what main's trials cost that were made beside", async () => {
    const { path, open } = await journal("beside.jsonl");
    const spent = { usd: 0.1, tokens: 10, unpriced: [], untold: 0 };
    await open.addBeside({ ...trial("a"), spent });
    await open.addBeside(trial("b"));
    await open.close();
    expect(await readJournal(path)).toMatchObject({ results: [], beside: [spent] });
  });

  it("is for its owner only, because it holds whole traces", async () => {
    const { path, open } = await journal("owner.jsonl");
    await open.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("is read up to where a kill cut it off, and goes on after it", async () => {
    const { path, clock, open } = await journal("cut.jsonl");
    clock.time = 4_000;
    await open.add(trial("a"));
    await open.close();
    appendFileSync(path, '{"kind":"trial","at":4500,"result":{"caseId":"lost","tri');
    expect((await readJournal(path))?.results).toEqual([trial("a")]);

    clock.time = 100_000;
    const again = await TrialJournal.resume(path, clock);
    clock.time = 102_000;
    await again.add(trial("b"));
    await again.close();
    const content = await readJournal(path);
    expect(content?.results).toEqual([trial("a"), trial("b")]);
    // Three seconds of the first session and two of the second; not the time between.
    expect(content).toMatchObject({ startedAt: 1_000, ms: 5_000 });
  });

  it("keeps texts whole that hold other ends of lines", async () => {
    const { path, open } = await journal("lines.jsonl");
    const hostile = trial("a", "one\u2028two\u2029three\rfour\nfive");
    await open.add(hostile);
    await open.close();
    expect((await readJournal(path))?.results).toEqual([hostile]);
  });

  it("replaces an older one of the same name, and leaves nothing when it is removed", async () => {
    const first = await journal("twice.jsonl");
    await first.open.add(trial("a"));
    await first.open.close();
    const second = await journal("twice.jsonl");
    expect((await readJournal(second.path))?.results).toEqual([]);
    await second.open.remove();
    expect(await readJournal(second.path)).toBeNull();
  });

  it("is none where there is no file, or none of this version", async () => {
    expect(await readJournal(join(folder.path, "missing.jsonl"))).toBeNull();
    const { path, open } = await journal("version.jsonl");
    await open.close();
    const text = readFileSync(path, "utf8");
    appendFileSync(join(folder.path, "later.jsonl"), text.replace('"v":1', '"v":2'));
    expect(await readJournal(join(folder.path, "later.jsonl"))).toBeNull();
  });
});
