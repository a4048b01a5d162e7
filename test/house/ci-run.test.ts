import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { projectFolder } from "./project-folder.ts";

const RUN = readFileSync(join(import.meta.dirname, "../../.ci/run"), "utf8");

/** Stands in for npm: `npm test` writes the report it was given, `demo` prints verdicts, and the named steps fail. */
const NPM = `#!/bin/sh
echo "npm $*" >> "$PROJECT/calls"
case "$*" in
  test|"run -s test:long") cp "$PROJECT/report.json" "$TRACEGATE_TEST_REPORT" 2>/dev/null; echo "output of the tests"; exit "$TESTS_EXIT";;
  "test -- "*|"run -s test:long -- "*) cp "$PROJECT/again.json" "$TRACEGATE_TEST_REPORT" 2>/dev/null; exit "$AGAIN_EXIT";;
  *demo*) echo "{\\"gate\\":{\\"main\\":\\"pass\\",\\"fix\\":{\\"status\\":\\"pass\\"},\\"regression\\":\\"$REGRESSION\\"}}";;
esac
case " $FAILING " in *" $* "*|*"<$*>"*) echo "the reason it failed"; exit 1;; esac
`;

const testsOf = (passed: number, failed: number, skipped: number) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: skipped,
  numTodoTests: 0,
  testResults: [
    {
      name: "a.test.ts",
      status: failed > 0 ? "failed" : "passed",
      assertionResults: [
        ...Array.from({ length: failed }, () => ({ status: "failed", fullName: "breaks" })),
        ...Array.from({ length: skipped }, () => ({ status: "skipped", fullName: "needs the shared data" })),
      ],
    },
  ],
});

function ciRun(
  options: {
    report?: object;
    testsExit?: number;
    /** What the failed files report when they run again. Default: the same. */
    again?: object;
    failing?: string;
    scripts?: object;
    regression?: string;
  } = {},
) {
  const { report = testsOf(40, 0, 0), testsExit = 0, failing = "", scripts = {}, again } = options;
  using project = projectFolder({
    ".ci/run": RUN,
    "bin/npm": NPM,
    "package.json": JSON.stringify({ scripts }),
    "report.json": JSON.stringify(report),
    "again.json": JSON.stringify(again ?? report),
    "dist/action/index.js": "",
    calls: "",
  });
  const { root } = project;
  chmodSync(join(root, "bin/npm"), 0o755);
  const git = (...parts: string[]) =>
    spawnSync("git", ["-C", root, "-c", "user.name=t", "-c", "user.email=t@t", ...parts]);
  git("init", "-q");
  git("add", "dist");
  git("commit", "-q", "-m", "x");
  const run = spawnSync("bash", [".ci/run"], {
    cwd: root,
    encoding: "utf8",
    env: {
      PATH: `${join(root, "bin")}:${process.env.PATH}`,
      PROJECT: root,
      TESTS_EXIT: String(testsExit),
      AGAIN_EXIT: String(again === undefined ? testsExit : 0),
      REGRESSION: options.regression ?? "block",
      FAILING: `<${failing}>`,
    },
  });
  return {
    status: run.status,
    output: run.stdout + run.stderr,
    lastLine: run.stdout.trimEnd().split("\n").at(-1),
    calls: readFileSync(join(root, "calls"), "utf8").trim().split("\n"),
  };
}

describe(".ci/run", () => {
  it("runs what the README says first, and counts tests and steps", () => {
    const { status, lastLine, calls } = ciRun();
    expect(calls.slice(0, 3)).toEqual(["npm ci", "npm run setup", "npm test"]);
    expect(lastLine).toBe("49 passed, 0 failed");
    expect(status).toBe(0);
  });

  it("goes on after a failed step, counts it, and shows its log", () => {
    const { status, output, lastLine, calls } = ciRun({ failing: "run -s types" });
    expect(output).toContain("FAIL  types");
    expect(output).toContain("the reason it failed");
    expect(calls.at(-1)).toContain("demo");
    expect(lastLine).toBe("48 passed, 1 failed");
    expect(status).toBe(1);
  });

  it("counts failed tests one by one and shows their log", () => {
    const { status, output, lastLine } = ciRun({ report: testsOf(40, 2, 0), testsExit: 1 });
    expect(output).toContain("output of the tests");
    expect(lastLine).toBe("49 passed, 2 failed");
    expect(status).toBe(1);
  });

  it("runs files with a failure once more, and names as unsteady what passes then", () => {
    const again = testsOf(3, 0, 0);
    const { status, output, lastLine, calls } = ciRun({ report: testsOf(40, 2, 0), testsExit: 1, again });
    expect(calls).toContain("npm test -- a.test.ts");
    expect(output).toContain("fail  a.test.ts > breaks");
    expect(output).toContain("unsteady: 2 of npm test failed, and passed when run again, alone");
    expect(lastLine).toBe("51 passed, 0 failed");
    expect(status).toBe(0);
  });

  it("fails when the second run brings no result", () => {
    const { lastLine } = ciRun({ report: testsOf(40, 2, 0), testsExit: 1, again: testsOf(0, 0, 0) });
    expect(lastLine).toBe("49 passed, 2 failed");
  });

  it("names and counts skipped tests", () => {
    const { status, output, lastLine } = ciRun({ report: testsOf(40, 0, 2) });
    expect(output).toContain("skip  needs the shared data");
    expect(lastLine).toBe("49 passed, 0 failed, 2 skipped");
    expect(status).toBe(0);
  });

  it("fails when the test run failed without a failed test, or wrote no readable report", () => {
    expect(ciRun({ testsExit: 1 }).lastLine).toBe("49 passed, 1 failed");
    const { status, lastLine } = ciRun({ report: {}, testsExit: 0 });
    expect(lastLine).toBe("9 passed, 1 failed");
    expect(status).toBe(1);
  });

  it("counts a test file that could not be loaded", () => {
    const report = testsOf(40, 0, 0);
    report.testResults.push({ name: "broken.test.ts", status: "failed", assertionResults: [] });
    const { output, lastLine } = ciRun({ report, testsExit: 1 });
    expect(output).toContain("fail  broken.test.ts could not be run");
    expect(lastLine).toBe("49 passed, 1 failed");
  });

  it("fails when the demo's regression is not blocked", () => {
    const { output, lastLine } = ciRun({ regression: "pass" });
    expect(output).toContain("gate: pass, pass, pass");
    expect(lastLine).toBe("48 passed, 1 failed");
  });

  it("counts the long tests as it counts the others", () => {
    const { lastLine, calls, output } = ciRun({
      scripts: { "test:long": "x" },
      report: testsOf(40, 1, 0),
      testsExit: 1,
    });
    expect(calls).toContain("npm run -s test:long");
    expect(output).toContain("FAIL  npm run test:long: 40 passed, 1 failed");
    expect(lastLine).toBe("89 passed, 2 failed");
  });

  it("runs chaos and interop where the project has them", () => {
    const { lastLine, calls } = ciRun({ scripts: { chaos: "x" } });
    expect(calls).toContain("npm run -s chaos -- --short");
    expect(calls).not.toContain("npm run -s interop");
    expect(lastLine).toBe("50 passed, 0 failed");
  });
});
