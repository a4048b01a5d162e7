import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";

const ROOT = join(import.meta.dirname, "../..");

/** What one run of vitest said. */
export interface VitestRun {
  readonly exitCode: number | null;
  /** Name of every test and how it ended, in order. */
  readonly tests: readonly (readonly [name: string, status: string])[];
  readonly said: string;
}

/** A project of its own whose `tracegate` and `tracegate/vitest` are our source. */
export class ChildProject {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), "tracegate-vitest-")));

  constructor(files: { readonly [path: string]: string }) {
    symlinkSync(join(ROOT, "node_modules"), join(this.path, "node_modules"));
    this.write({ "vitest.config.mjs": CONFIG, "package.json": '{ "type": "module" }', ...files });
  }

  write(files: { readonly [path: string]: string }): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.path, path)), { recursive: true });
      writeFileSync(join(this.path, path), content);
    }
  }

  /** Runs vitest as a user does: a process of its own. */
  async vitest(
    options: {
      readonly args?: readonly string[];
      readonly environment?: { readonly [name: string]: string };
    } = {},
  ): Promise<VitestRun> {
    const output = join(this.path, "results.json");
    rmSync(output, { force: true });
    const program = join(ROOT, "node_modules/vitest/vitest.mjs");
    const reporters = ["--reporter=verbose", "--reporter=json", `--outputFile.json=${output}`];
    const own = Object.entries(process.env).filter(([name]) => !/^(VITEST|VITE_|TEST$|NODE_ENV)/.test(name));
    const child = spawn(process.execPath, [program, "run", ...reporters, ...(options.args ?? [])], {
      cwd: this.path,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...Object.fromEntries(own), NO_COLOR: "1", ...options.environment },
    });
    const [stdout, stderr, [exitCode]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    const { testResults } = JSON.parse(readFileSync(output, "utf8"));
    const results: readonly { readonly title: string; readonly status: string }[] = testResults.flatMap(
      (file: { readonly assertionResults: readonly unknown[] }) => file.assertionResults,
    );
    return {
      exitCode: typeof exitCode === "number" ? exitCode : null,
      tests: results.map(({ title, status }) => [title, status]),
      said: stdout + stderr,
    };
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

const CONFIG = `
export default {
  test: { include: ["**/*.test.ts"] },
  resolve: {
    alias: [
      { find: /^tracegate\\/vitest$/, replacement: ${JSON.stringify(join(ROOT, "src/vitest/index.ts"))} },
      { find: /^tracegate$/, replacement: ${JSON.stringify(join(ROOT, "src/index.ts"))} },
    ],
  },
};
`;
