import { existsSync, readFileSync } from "node:fs";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Client } from "./client.ts";
import { runProgram } from "./run-program.ts";

/** A client's packages, ready to run. */
export interface Installation {
  /** Folder from which the program is run. */
  readonly folder: string;
  /** The interpreter. */
  readonly command: string;
}

const INSTALL_TIMEOUT_MS = 600_000;

/**
 * Installs what a client needs below `scratch`, once: a second call with the same packages finds it done.
 *
 * @throws Error with the first line of what the installer said
 */
export async function install(
  client: Client,
  all: readonly Client[],
  scratch: string,
): Promise<Installation> {
  const set = client.set ?? client.name;
  const folder = join(scratch, client.group, set);
  const packages = Object.fromEntries(
    all
      .filter((each) => each.group === client.group && (each.set ?? each.name) === set)
      .flatMap((each) => Object.entries(each.packages)),
  );
  await mkdir(folder, { recursive: true });
  const wanted = JSON.stringify(packages);
  const done = join(folder, "installed.json");
  if (!existsSync(done) || readFileSync(done, "utf8") !== wanted) {
    await (client.group === "npm" ? installNpm(folder, packages) : installPython(folder, packages));
    await writeFile(done, wanted);
  }
  await copyPrograms(client.group, folder);
  const command = client.group === "npm" ? process.execPath : join(folder, "venv", "bin", "python");
  return { folder, command };
}

/** Programs import packages relative to where they lie, so they lie beside the installation. */
async function copyPrograms(group: Client["group"], folder: string): Promise<void> {
  const source = join(import.meta.dirname, group);
  for (const file of await readdir(source)) {
    if (/\.(mjs|py)$/.test(file)) await cp(join(source, file), join(folder, file));
  }
}

async function installNpm(folder: string, packages: Client["packages"]): Promise<void> {
  const manifest = { name: "interop-client", private: true, type: "module", dependencies: packages };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest, null, 2));
  const options = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", "--legacy-peer-deps"];
  await must("npm", ["install", ...options], folder);
}

async function installPython(folder: string, packages: Client["packages"]): Promise<void> {
  const python = await findPython();
  const pins = Object.entries(packages).map(([name, version]) => `${name}==${version}`);
  await writeFile(join(folder, "requirements.txt"), `${pins.join("\n")}\n`);
  if (!existsSync(join(folder, "venv", "bin", "python"))) await must(python, ["-m", "venv", "venv"], folder);
  const options = ["--quiet", "--disable-pip-version-check", "--prefer-binary", "--no-compile"];
  await must("venv/bin/python", ["-m", "pip", "install", ...options, "-r", "requirements.txt"], folder);
}

/** Versions that all clients of the group can be installed with, the preferred one first. */
const PYTHONS = ["python3.12", "python3.13", "python3.11", "python3"];

async function findPython(): Promise<string> {
  for (const python of PYTHONS) {
    const check = "import sys, venv; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))";
    const { exitCode } = await runProgram(python, ["-c", check], {
      cwd: "/",
      env: process.env,
      timeoutMs: 20_000,
    });
    if (exitCode === 0) return python;
  }
  throw new Error("no Python 3.10 to 3.13 on this machine");
}

async function must(command: string, args: readonly string[], cwd: string): Promise<void> {
  const { exitCode, output } = await runProgram(command, args, {
    cwd,
    env: process.env,
    timeoutMs: INSTALL_TIMEOUT_MS,
  });
  if (exitCode === 0) return;
  throw new Error(`${command} ${args.slice(0, 3).join(" ")}: ${complaintIn(output)}`);
}

/** What an installer complained about, without the code line that npm puts first. */
function complaintIn(output: string): string {
  const lines = output.split("\n").map((line) => line.replace(/^(npm error|ERROR:)\s*/i, "").trim());
  const said = lines.filter((line) => line !== "" && !/^(code|npm warn|warning)\b/i.test(line));
  return (said[0] ?? "it said nothing").slice(0, 300);
}

/** Versions of the packages as installed. */
export async function installedVersions(
  client: Client,
  { folder, command }: Installation,
): Promise<{ [name: string]: string }> {
  const names = Object.keys(client.packages);
  if (client.group === "npm") {
    const read = async (name: string): Promise<[string, string]> => {
      const manifest = JSON.parse(await readFile(join(folder, "node_modules", name, "package.json"), "utf8"));
      return [name, String(manifest.version)];
    };
    return Object.fromEntries(await Promise.all(names.map(read)));
  }
  const bare = names.map((name) => name.replace(/\[.*\]$/, ""));
  const code =
    "import sys, json, importlib.metadata as m; print(json.dumps({n: m.version(n) for n in sys.argv[1:]}))";
  const { output } = await runProgram(command, ["-c", code, ...bare], {
    cwd: folder,
    env: process.env,
    timeoutMs: 60_000,
  });
  return JSON.parse(output);
}
