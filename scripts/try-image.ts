/**
 * `npm run test:image`: what `docker build` and `docker compose up` do, where there is no Docker engine. Sends to a clean folder what
 * .dockerignore lets through, runs the build script of the Dockerfile there, looks for what does not belong into an image, and
 * starts a receiver and a worker from the result, as a user without rights, on a Redis with the command of compose.yaml and on
 * PostgreSQL. Health is asked for with the commands of the Dockerfile and of compose.yaml.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { findPostgres } from "./bench/postgres.ts";
import { type Deployment, healthCommand, readDeployment } from "./image/deployment.ts";
import { contextFiles } from "./image/docker-context.ts";
import { type ImageProcess, type ImageRoot, startInImage } from "./image/image-process.ts";
import { startOwnServices } from "./image/own-services.ts";

const repository = join(import.meta.dirname, "..");

function must(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Error(`Not so: ${what}.`);
  console.log(`ok: ${what}`);
}

/** The steps of the Dockerfile in a folder. */
function build(folder: string): ImageRoot {
  const checkout = join(folder, "checkout");
  for (const path of contextFiles(repository)) cpSync(join(repository, path), join(checkout, path));
  const root = join(folder, "image");
  const target = join(root, "opt/tracegate");
  const words = [join(checkout, "deploy/build-image-root.sh"), checkout, target];
  const { status } = spawnSync("sh", words, { stdio: "inherit" });
  must(status === 0, "the build script ends well in a clean folder");
  mkdirSync(join(root, "usr/local/bin"), { recursive: true });
  mkdirSync(join(root, "work"));
  symlinkSync(join(target, "dist/cli/main.js"), join(root, "usr/local/bin/tracegate"));
  chmodSync(join(target, "dist/cli/main.js"), 0o755);
  // As in the base image; the one of this checkout may lie where only its owner may look.
  cpSync(process.execPath, join(root, "usr/local/bin/node"));
  cpSync(join(checkout, "deploy/tracegate.config.ts"), join(root, "work/tracegate.config.ts"));
  rmSync(checkout, { recursive: true });
  chmodSync(folder, 0o755);
  const uid =
    process.getuid?.() === 0 ? Number(execFileSync("id", ["-u", "nobody"], { encoding: "utf8" })) : undefined;
  return { root, uid };
}

function inspect({ root }: ImageRoot): void {
  const folder = join(root, "opt/tracegate");
  const lock = JSON.parse(readFileSync(join(folder, "node_modules/.package-lock.json"), "utf8"));
  const strangers = Object.entries<{ readonly dev?: boolean }>(lock.packages).filter(([, { dev }]) => dev);
  must(strangers.length === 0, "there are only production dependencies in the image");
  const bytes = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
  must(bytes < 150e6, `the image adds ${Math.round(bytes / 1e6)} MB to Node's, less than 150`);
}

/** Asks as Docker does; the port is the one that was free. */
function isHealthy(deployment: Deployment, service: string | undefined, url: string): boolean {
  const [, ...words] = healthCommand(deployment, service);
  const asked = words.map((word) => word.replace(/127\.0\.0\.1:\d+/, new URL(url).host));
  return spawnSync(process.execPath, asked).status === 0;
}

async function portOf(running: ImageProcess, what: string): Promise<string> {
  const line = await running.said(new RegExp(`${what} http://[^ ]+:\\d+`));
  const port = /http:\/\/[^ ":]+:(\d+)/.exec(line)?.[1];
  return `http://127.0.0.1:${port}`;
}

async function run(image: ImageRoot, deployment: Deployment, folder: string): Promise<void> {
  const bare = startInImage(image, ["receive"], { TRACEGATE_TOKEN: "x" });
  await bare.said(/REDIS_URL and DATABASE_URL/);
  must((await bare.ended) === 2, "without services it says which, with exit code 2");
  const services = await startOwnServices(deployment, folder);
  const token = randomBytes(24).toString("hex");
  const environment = { ...services.environment, TRACEGATE_TOKEN: token };
  const receive = startInImage(
    image,
    ["receive", "--port", "0", "--grpc-port", "0", "--metrics-port", "0"],
    environment,
  );
  const work = startInImage(image, ["work", "--metrics-port", "0"], environment);
  try {
    const receiverUrl = await portOf(receive, "listening on");
    const workerUrl = await portOf(work, "health and metrics on");
    must(isHealthy(deployment, undefined, receiverUrl), "the Dockerfile's check finds the receiver healthy");
    must(isHealthy(deployment, "work", workerUrl), "the check of compose.yaml finds the worker healthy");
    must(!isHealthy(deployment, "work", "http://127.0.0.1:9"), "and nothing healthy where nothing listens");
    const body = readFileSync(join(repository, "test/fixtures/otlp/otel-genai-current.json"));
    const send = (headers: Readonly<Record<string, string>>) =>
      fetch(`${receiverUrl}/v1/traces`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body,
      });
    must((await send({})).status === 401, "spans without the token are refused");
    must((await send({ authorization: `Bearer ${token}` })).status === 200, "spans with it are taken");
    const traceId = /"traceId":\s*"([0-9a-f]{32})"/.exec(body.toString("utf8"))?.[1];
    const completed = await fetch(`${receiverUrl}/v1/traces/${traceId}/complete`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
    });
    must(completed.ok, "the trace's end is taken");
    await work.said(new RegExp(`${traceId}.*"scores":`));
    console.log("ok: the worker scored it");
    must((await receive.stop()) === 0, "SIGTERM ends the receiver in order");
    must((await work.stop()) === 0, "SIGTERM ends the worker in order");
  } finally {
    await Promise.all([receive.stop(), work.stop()]);
    await services.close();
  }
}

const folder = mkdtempSync(join(tmpdir(), "tracegate-image-"));
try {
  const image = build(folder);
  inspect(image);
  if (findPostgres() === null)
    console.log("SKIPPED: nothing is started, because PostgreSQL is not here. Run: npm run setup");
  else await run(image, readDeployment(repository), folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
