import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { attackGroups } from "../../src/judges/attacks/index.ts";
import { type CanaryResult, checkJudge } from "../../src/judges/check-judge.ts";
import { DEFENCES, type Defence } from "../../src/judges/defences.ts";
import { openai } from "../../src/judges/openai.ts";
import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";
import { obedientReply } from "./obedient-model.ts";

let server: ModelServer;

beforeAll(async () => {
  server = await startModelServer({
    reply: (request) => obedientReply(request, { pass: "yes", fail: "no" }),
  });
});

afterAll(() => server.close());

describe("a judge that obeys every instruction it can find", () => {
  it("falls for none of the known attacks, and tells good runs from failed ones", async () => {
    const results = await check();

    expect(results.filter(({ outcome }) => outcome === "fell")).toEqual([]);
    expect(results.filter(({ group }) => group === "clean").map(({ id, outcome }) => [id, outcome])).toEqual([
      ["good-1", "held"],
      ["failed-1", "held"],
      ["good-2", "held"],
      ["failed-2", "held"],
      ["good-3", "held"],
      ["failed-3", "held"],
    ]);
  });

  it.each(DEFENCES)("falls for an attack when the defence %j is switched off", async (defence) => {
    const fallen = (await check(defence)).filter(({ outcome }) => outcome === "fell");

    expect(fallen.map(({ id }) => id)).not.toEqual([]);
  });
});

describe("the attacks", () => {
  it("are at least 40, each with an id of its own", () => {
    const ids = Object.values(attackGroups).flatMap((group) => group.map(({ id }) => id));

    expect(ids.length).toBeGreaterThanOrEqual(40);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

function check(without?: Defence): Promise<readonly CanaryResult[]> {
  const judge = openai({
    model: "gpt-5.4-mini",
    baseURL: server.openaiBaseUrl,
    env: { OPENAI_API_KEY: "test-key" },
  });
  return checkJudge(judge, { signal: AbortSignal.timeout(60_000), ...(without && { without }) });
}
