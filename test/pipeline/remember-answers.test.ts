import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { systemClock } from "../../src/core/clock.ts";
import { isAnswer, type Judge, type Question } from "../../src/core/judge.ts";
import { fence } from "../../src/judges/fence.ts";
import { openai } from "../../src/judges/openai.ts";
import { startModelServer } from "../../src/llmwire/model-server.ts";
import { answerKey, rememberAnswers } from "../../src/pipeline/remember-answers.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";
import { scriptedJudge } from "../../src/testing/scripted-judge.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tracegate-answers-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs with a store of its own on the test's folder, so that each call is like a new process. */
async function withStore<Result>(run: (store: SqliteStore) => Promise<Result>): Promise<Result> {
  const store = new SqliteStore(openDatabase(folder));
  try {
    return await run(store);
  } finally {
    await store.close();
  }
}

const questionOf = (record: string): Question => ({
  scorer: "resolved",
  version: "1",
  instructions: "Was it done?",
  content: fence(record, "Reminder {nonce}."),
  labels: ["yes", "no", "cannot_judge"],
});
const question = questionOf("record");
const { signal } = new AbortController();

/** True when nobody has asked the question and nobody is asking it. Takes its own claim back. */
async function isFree(store: SqliteStore): Promise<boolean> {
  const key = answerKey({ identity: scriptedJudge([]).identity }, question);
  const claim = { holder: "test", now: Date.now(), leaseMs: 1_000, scorer: "resolved", subject: null };
  const begun = await store.beginAnswer(key, claim);
  await store.settle(key, null, { holder: "test", at: Date.now() });
  return begun.state === "claimed" && !begun.inDoubt;
}

describe("rememberAnswers", () => {
  it("pays once for the same question, also after a restart, and says that it remembered", async () => {
    const judge = scriptedJudge(["yes"]);
    const first = await withStore((store) =>
      rememberAnswers(judge, store, systemClock).ask(question, signal),
    );
    const second = await withStore((store) =>
      rememberAnswers(judge, store, systemClock).ask(question, signal),
    );

    expect(first).toMatchObject({ label: "yes" });
    expect(first).not.toHaveProperty("remembered");
    expect(second).toEqual({ ...first, remembered: true });
    expect(judge.questions()).toHaveLength(1);
  });

  it("pays again for another record, version, set of labels or judge", async () => {
    const judge = scriptedJudge(() => "yes");
    const other: Judge = { ...judge, identity: "another" };
    await withStore(async (store) => {
      const remembering = rememberAnswers(judge, store, systemClock);
      await remembering.ask(question, signal);
      await remembering.ask(questionOf("another record"), signal);
      await remembering.ask({ ...question, version: "2" }, signal);
      await remembering.ask({ ...question, labels: ["yes", "no"] }, signal);
      await rememberAnswers(other, store, systemClock).ask(question, signal);
    });

    expect(judge.questions()).toHaveLength(5);
  });

  it("lets equal questions at the same time share one call", async () => {
    const gate = Promise.withResolvers<void>();
    const judge = scriptedJudge(async () => {
      await gate.promise;
      return "no";
    });
    await withStore(async (store) => {
      const remembering = rememberAnswers(judge, store, systemClock);
      const asked = Array.from({ length: 20 }, () => remembering.ask(question, signal));
      gate.resolve();
      const answers = await Promise.all(asked);

      expect(new Set(answers.map((answer) => isAnswer(answer) && answer.label))).toEqual(new Set(["no"]));
    });
    expect(judge.questions()).toHaveLength(1);
  });

  it("does not remember that there was no answer", async () => {
    const judge = scriptedJudge([
      { unscored: { code: "rate-limited", retryAt: 1 }, reason: "Later." },
      "yes",
    ]);
    await withStore(async (store) => {
      const remembering = rememberAnswers(judge, store, systemClock);
      expect(await remembering.ask(question, signal)).toMatchObject({ unscored: { code: "rate-limited" } });
      expect(await isFree(store)).toBe(true);
      const answer = await remembering.ask(question, signal);
      expect(answer).toMatchObject({ label: "yes" });
      expect(answer).not.toHaveProperty("inDoubt");
    });
  });

  it("takes its intent back when the judge's code breaks", async () => {
    const judge: Judge = { ...scriptedJudge([]), ask: () => Promise.reject(new Error("bug")) };
    await withStore(async (store) => {
      await expect(rememberAnswers(judge, store, systemClock).ask(question, signal)).rejects.toThrow("bug");
      expect(await isFree(store)).toBe(true);
    });
  });

  it("stops waiting for one caller without stopping the call for the others", async () => {
    const gate = Promise.withResolvers<void>();
    const signals: AbortSignal[] = [];
    const judge: Judge = {
      ...scriptedJudge([]),
      ask: async (_question, given) => {
        signals.push(given);
        await gate.promise;
        return { label: "yes", rationale: "", evidence: [], model: "m", usage: {} };
      },
    };
    await withStore(async (store) => {
      const remembering = rememberAnswers(judge, store, systemClock);
      const impatient = new AbortController();
      const leaves = remembering.ask(question, impatient.signal);
      const stays = remembering.ask(question, signal);
      impatient.abort();

      expect(await leaves).toMatchObject({ unscored: { code: "timed-out" } });
      gate.resolve();
      expect(await stays).toMatchObject({ label: "yes" });
      expect(signals.map((given) => given.aborted)).toHaveLength(1);
    });
  });

  it("stops the call when the last caller gives up, and a later caller starts a new one, in doubt", async () => {
    const begun = Promise.withResolvers<void>();
    const stopped = Promise.withResolvers<void>();
    let calls = 0;
    const judge: Judge = {
      ...scriptedJudge([]),
      ask: async (_question, given) => {
        calls += 1;
        if (calls > 1) return { label: "yes", rationale: "", evidence: [], model: "m", usage: {} };
        begun.resolve();
        await once(given, "abort");
        stopped.resolve();
        return { unscored: { code: "timed-out" }, reason: "Stopped." };
      },
    };
    await withStore(async (store) => {
      const remembering = rememberAnswers(judge, store, systemClock);
      const controller = new AbortController();
      const asked = remembering.ask(question, controller.signal);
      await begun.promise;
      controller.abort();
      await stopped.promise;

      expect(await asked).toMatchObject({ unscored: { code: "timed-out" } });
      expect(await remembering.ask(question, signal)).toMatchObject({ label: "yes", inDoubt: true });
    });
  });

  it("tells of a doubt also where the second call brought no answer", async () => {
    const judge = scriptedJudge([]);
    const refusing: Judge = {
      ...judge,
      ask: async () => ({ unscored: { code: "refused" }, reason: "Refused.", usage: {} }),
    };
    const claim = { holder: "dead", now: 0, leaseMs: 1, scorer: "resolved", subject: null };
    await withStore((store) => store.beginAnswer(answerKey(judge, question), claim));
    const ask = () =>
      withStore((store) => rememberAnswers(refusing, store, systemClock).ask(question, signal));
    expect(await ask()).toMatchObject({ unscored: { code: "refused" }, inDoubt: true });
    expect(await ask()).toMatchObject({ unscored: { code: "refused" }, inDoubt: true, remembered: true });
  });

  it("asks once more, in doubt, after a SIGKILL in the middle of a call", async () => {
    const arrived = Promise.withResolvers<void>();
    const answer = JSON.stringify({ rationale: "r", evidence: [], label: "yes" });
    let isFirst = true;
    const server = await startModelServer({
      reply: () => {
        if (!isFirst) return { text: answer };
        isFirst = false;
        arrived.resolve();
        return { fault: "hang" };
      },
    });
    const source = (path: string) =>
      JSON.stringify(pathToFileURL(join(import.meta.dirname, "../../src", path)));
    const script = `
      import { systemClock } from ${source("core/clock.ts")};
      import { fence } from ${source("judges/fence.ts")};
      import { openai } from ${source("judges/openai.ts")};
      import { rememberAnswers } from ${source("pipeline/remember-answers.ts")};
      import { openDatabase } from ${source("store/open-database.ts")};
      import { SqliteStore } from ${source("store/sqlite-store.ts")};
      const store = new SqliteStore(openDatabase(${JSON.stringify(folder)}));
      const judge = openai({ model: "m", env: { OPENAI_API_KEY: "k" }, baseURL: ${JSON.stringify(server.openaiBaseUrl)} });
      const question = { ...${JSON.stringify(question)}, content: fence("record", "Reminder {nonce}.") };
      await rememberAnswers(judge, store, systemClock).ask(question, new AbortController().signal);
    `;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "inherit" });
    const ended = once(child, "exit");
    await arrived.promise;
    child.kill("SIGKILL");
    await ended;

    const judge = openai({ model: "m", env: { OPENAI_API_KEY: "k" }, baseURL: server.openaiBaseUrl });
    const ask = () => withStore((store) => rememberAnswers(judge, store, systemClock).ask(question, signal));
    const again = await ask();
    const remembered = await ask();
    await server.close();

    expect(again).toMatchObject({ label: "yes", inDoubt: true });
    expect(remembered).toMatchObject({ label: "yes", inDoubt: true, remembered: true });
    // The killed process had another nonce, yet its question is known to be the same one.
    const [killed, repeated] = server.requests().map((request) => request.messages.at(-1));
    expect(killed).not.toEqual(repeated);
    expect(server.requests()).toHaveLength(2);
  });
});
