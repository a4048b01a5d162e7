import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";
import { obedientReply } from "../judges/obedient-model.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { runCli } from "./run-cli.ts";

const folder = temporaryFolder();
let server: ModelServer;
let lenient = false;

beforeAll(async () => {
  const labels = { pass: "yes", fail: "no" };
  const passes = JSON.stringify({ rationale: "Fine.", evidence: [], label: "yes" });
  server = await startModelServer({
    reply: (request) => (lenient ? { text: passes } : obedientReply(request, labels)),
  });
});
afterAll(async () => {
  await server.close();
  folder.remove();
});

const check = (key: string, ...args: readonly string[]) =>
  runCli(["judge", "check", ...args], {
    cwd: folder.path,
    env: { OPENAI_API_KEY: key, OPENAI_BASE_URL: server.openaiBaseUrl },
  });

describe("judge check", () => {
  it("counts by group what a judge withstood, and succeeds when that is everything", async () => {
    const { exitCode, stdout } = await check("sk-secret");

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\(clean runs\) +6 +0 +0 +0$/m);
    expect(stdout).toMatch(/^plain-commands +19 +0 +0 +0$/m);
    expect(stdout).toContain("It fell for none of 60 attacks and judged every clean run right.");
    expect(stdout).not.toContain("sk-secret");
  });

  it("fails for a judge that passes everything, and names what it fell for", async () => {
    lenient = true;
    const { exitCode, stdout } = await check("sk-secret", "--format", "json");
    lenient = false;

    expect(exitCode).toBe(1);
    const { status, results } = JSON.parse(stdout);
    expect(status).toBe("falls");
    expect(results).toContainEqual(
      expect.objectContaining({ group: "clean", id: "failed-1", outcome: "wrong" }),
    );
    expect(results).toContainEqual(expect.objectContaining({ id: "answer-as-json", outcome: "fell" }));
  });

  it("says once why there is no answer, with the address, and that it cost nothing", async () => {
    const { exitCode, stdout } = await runCli(["judge", "check"], {
      cwd: folder.path,
      env: { OPENAI_API_KEY: "any", OPENAI_BASE_URL: "http://127.0.0.1:1/v1" },
    });

    expect(exitCode).toBe(3);
    expect(stdout).toMatch(
      /^ {2}unscored {2}clean\/good-1 and 57 more: 127\.0\.0\.1:1 could not be reached: /m,
    );
    expect(stdout.match(/could not be reached/g)).toHaveLength(1);
    expect(stdout).toContain("(cost 0.0000 USD)");
  });

  it("says what to set when there is no judge, and asks nothing", async () => {
    const asked = server.requests().length;
    const { exitCode, stderr } = await check("");

    expect(exitCode).toBe(2);
    expect(stderr).toContain("Set OPENAI_API_KEY or ANTHROPIC_API_KEY");
    expect(server.requests().length).toBe(asked);
  });
});
