/**
 * `npm run test:package`: packs this package, installs it from the registry into an empty project, and uses it there.
 * It fails when a new version of something we depend on breaks `npm install` or `npm ci` for users; the tests of the
 * README install the versions of our lock file and would not notice.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const repository = join(import.meta.dirname, "..");
const project = mkdtempSync(join(tmpdir(), "tracegate-package-"));

function run(line: string, cwd = project): void {
  console.log(`$ ${line}`);
  const { status } = spawnSync(line, { cwd, shell: true, stdio: "inherit" });
  if (status !== 0) throw new Error(`"${line}" ended with exit code ${status}.`);
}

try {
  run("npm run -s build", repository);
  run(`npm pack --silent --pack-destination "${project}"`, repository);
  const tarball = readdirSync(project).find((name) => name.endsWith(".tgz"));
  writeFileSync(join(project, "package.json"), '{ "name": "empty", "private": true, "type": "module" }\n');
  run(`npm install --no-audit --no-fund --save-dev "./${tarball}"`);
  run("npm ci --no-audit --no-fund");
  cpSync(join(repository, "test/fixtures/otlp/otel-genai-current.json"), join(project, "trace.json"));
  run("npx tracegate score trace.json");
} finally {
  rmSync(project, { recursive: true, force: true });
}
