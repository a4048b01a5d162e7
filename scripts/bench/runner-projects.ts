import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { type Measured, measureProcess } from "./measure-process.ts";
import type { Cell, Contestant } from "./runner-contestants.ts";

/** A run of one contestant on one cell. */
export interface CellRun extends Measured {
  /** Why it does not count: it did not try every case, or did not end well. */
  readonly problem: string | null;
}

const TIMEOUT_MS = 900_000;

/** Builds this package into the scratch folder, as npm would install it. */
export function buildOwn(root: string, scratch: string): void {
  const folder = join(scratch, "tracegate/node_modules/tracegate");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), readFileSync(join(root, "package.json")));
  writeFileSync(join(scratch, "tracegate/package.json"), '{ "private": true, "type": "module" }\n');
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const args = [tsc, "-p", "tsconfig.build.json", "--outDir", join(folder, "dist"), "--declaration", "false"];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error(`tsc failed with exit code ${status}.`);
}

/** Installs a peer, once for these versions. Returns what npm complained of, null when it is there. */
export function installPeer({ folder, packages }: Contestant, scratch: string): string | null {
  const place = join(scratch, folder);
  const done = join(place, "installed.json");
  const wanted = JSON.stringify(packages);
  if (existsSync(done) && readFileSync(done, "utf8") === wanted) return null;
  mkdirSync(place, { recursive: true });
  const manifest = { name: "runner-bench", private: true, type: "module", dependencies: packages };
  writeFileSync(join(place, "package.json"), JSON.stringify(manifest, null, 2));
  const options = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  const run = spawnSync("npm", ["install", ...options], { cwd: place, encoding: "utf8", timeout: 600_000 });
  if (run.status !== 0) {
    const said = `${run.error?.message ?? ""}\n${run.stderr ?? ""}`
      .split("\n")
      .filter((line) => line.trim() !== "");
    return said.slice(0, 3).join(" ").slice(0, 300) || "npm install failed and said nothing";
  }
  writeFileSync(done, wanted);
  return null;
}

/** Runs a contestant once and sees that it has tried and passed every case. */
export async function runCell(contestant: Contestant, cell: Cell, scratch: string): Promise<CellRun> {
  const cwd = join(scratch, contestant.folder);
  for (const [path, content] of Object.entries(contestant.files(cell)))
    writeFileSync(join(cwd, path), content);
  rmSync(join(cwd, contestant.report), { force: true });
  const measured = await measureProcess(
    process.execPath,
    [join(cwd, contestant.program), ...contestant.args(cell)],
    {
      cwd,
      env: { ...process.env, ...contestant.env, AGENT_MS: String(cell.latencyMs), NODE_OPTIONS: "" },
      timeoutMs: TIMEOUT_MS,
    },
  );
  return { ...measured, problem: problemOf(measured, contestant, cell, cwd) };
}

function problemOf(measured: Measured, contestant: Contestant, cell: Cell, cwd: string): string | null {
  if (measured.exitCode !== 0) return `exit code ${measured.exitCode}: ${measured.output.slice(-400)}`;
  const passed = contestant.passed(readFileSync(join(cwd, contestant.report), "utf8"));
  return passed === cell.cases ? null : `${passed} of ${cell.cases} cases passed`;
}
