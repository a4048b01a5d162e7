import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { temporaryFolder } from "../store/temporary-folder.ts";
import { idOf, run } from "./agent-traces.ts";
import { runCli } from "./run-cli.ts";
import { startUp } from "./up-process.ts";

const folder = temporaryFolder();
const show = (...args: readonly string[]) => runCli(["show", ...args], { cwd: folder.path });
const page = (name: string) => readFileSync(join(folder.path, name), "utf8");

beforeAll(() => {
  writeFileSync(join(folder.path, "one.pb"), run({ traceId: idOf(1), toolError: "timeout" }));
  writeFileSync(join(folder.path, "two.pb"), run({ traceId: idOf(2), answer: "<script>alert(1)</script>" }));
});
afterAll(() => folder.remove());

describe("show --html", () => {
  it("writes one page that only its owner may read, and says so", async () => {
    const result = await show("one.pb", "--html", "one.html");
    expect(result).toEqual({ exitCode: 0, stdout: "", stderr: "Wrote one.html\n" });
    expect(page("one.html")).toMatch(/^<!doctype html>.+Where is order A-17\?.+<\/html>\n$/s);
    expect(statSync(join(folder.path, "one.html")).mode & 0o777).toBe(0o600);
  });

  it("prints the same page on stdout", async () => {
    const result = await show("one.pb", "--html", "-");
    expect(result).toEqual({ exitCode: 0, stdout: page("one.html"), stderr: "" });
  });

  it("puts several traces on one page", async () => {
    await show("one.pb", "two.pb", "--html", "both.html");
    expect(page("both.html").match(/<article/g)).toHaveLength(2);
    expect(page("both.html")).not.toContain("<script>");
  });

  it("makes no file where there is no trace", async () => {
    const result = await show("none.pb", "--html", "none.html");
    expect(result).toEqual({ exitCode: 1, stdout: "", stderr: "none.pb is not there. Check the path.\n" });
    expect(existsSync(join(folder.path, "none.html"))).toBe(false);
  });

  it("says what is wrong with a file that cannot be written", async () => {
    const { exitCode, stderr } = await show("one.pb", "--html", "no/folder.html");
    expect(stderr).toMatch(/no\/folder\.html cannot be written: .+ Name another file\.\n$/);
    expect(exitCode).toBe(2);
  });
});

describe("show and doctor, of stored traces", () => {
  it("show the scores of a trace, and examine all", async () => {
    const up = await startUp(folder.path);
    try {
      await up.send(run({ traceId: idOf(7), toolError: "timeout" }));
      await up.complete(idOf(7));
      await up.scored(idOf(7));
      const html = await show(idOf(7).slice(0, 8), "--html", "-");
      expect(html.stdout).toMatch(/<h2>Scores<\/h2>.*tool-errors.*<strong class="failed">failed/s);
      expect(html.stdout).toMatch(/complete.*signalled, revision 1/);
      const text = await show(idOf(7).slice(0, 8));
      expect(text.stdout).toMatch(/\nSCORER +RESULT +WHY\n(.*\n)*tool-errors +failed +/);
      const doctor = await runCli(["doctor"], { cwd: folder.path });
      expect(doctor.stdout).toMatch(/^1 trace, 1 instrumentation\n/);
      expect(doctor.exitCode).toBe(0);
    } finally {
      await up.stop("SIGKILL");
    }
  });
});
