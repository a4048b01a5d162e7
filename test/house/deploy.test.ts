import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { type ComposeService, healthCommand, readDeployment } from "../../scripts/image/deployment.ts";
import { contextFiles, isSent } from "../../scripts/image/docker-context.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { projectFolder } from "./project-folder.ts";

const ROOT = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const deployment = readDeployment(ROOT);
const { dockerfile, services, composeText } = deployment;
const valuesOf = (instruction: string) =>
  dockerfile.filter(({ name }) => name === instruction).map(({ value }) => value);
const OURS = ["receive", "work"];
const PORTS = { http: 4318, grpc: 4317, server: 9464 };

describe("what Docker is sent", () => {
  const ignore = read(".dockerignore");
  const files = contextFiles(ROOT);

  it("has all that the Dockerfile and the build script take", () => {
    const wanted = [
      "deploy/tracegate.config.ts",
      "deploy/build-image-root.sh",
      "package-lock.json",
      "package.json",
      "LICENSE",
      "tsconfig.build.json",
      "scripts/build.ts",
      "src/cli/main.ts",
    ];
    expect(files).toEqual(expect.arrayContaining(wanted));
  });

  it.each([
    "deploy/.env",
    "deploy/.env.production",
    ".env",
    ".git/config",
    "node_modules/zod/index.js",
    "dist/index.js",
    ".tracegate/tracegate.db",
    "test/house/deploy.test.ts",
    "evals/history.jsonl",
  ])("has no %s", (path) => {
    expect(isSent(ignore, path)).toBe(false);
  });

  it("has the example of the secrets, which holds none", () => {
    expect(isSent(ignore, "deploy/env.example")).toBe(true);
    expect(read("deploy/env.example")).not.toMatch(/^\w+=\S/m);
  });
});

describe("the Dockerfile", () => {
  it("builds on and runs on the Node that the project runs on, named exactly", () => {
    const { node } = JSON.parse(read("package.json")).devDependencies;
    const bases = valuesOf("FROM").map((value) => value.split(" ")[0]);
    expect(bases).toEqual([`node:${node}-bookworm-slim`, `node:${node}-bookworm-slim`]);
  });

  it("takes into the image what the build script made, and nothing else of the build", () => {
    const run = valuesOf("RUN")[0] ?? "";
    const target = run.split(" ").at(-1);
    expect(run).toBe(`sh deploy/build-image-root.sh /checkout ${target}`);
    expect(valuesOf("COPY").slice(1)).toEqual([
      `--from=build ${target} /opt/tracegate`,
      "--chown=node:node deploy/tracegate.config.ts /work/tracegate.config.ts",
    ]);
  });

  it("runs as somebody who is not root, and is asked for its health", () => {
    const names = dockerfile.map(({ name }) => name);
    expect(valuesOf("USER")).toEqual(["node"]);
    expect(names.indexOf("USER")).toBeLessThan(names.indexOf("ENTRYPOINT"));
    expect(healthCommand(deployment).join(" ")).toContain(`http://127.0.0.1:${PORTS.http}/healthz`);
  });

  it("holds no secret", () => {
    expect([...valuesOf("ENV"), ...valuesOf("ARG")]).toEqual(["NODE_ENV=production"]);
  });

  it("names the ports of the configuration", async () => {
    const { config } = await loadConfig({ cwd: join(ROOT, "deploy") });
    expect(config.receiver.port).toBe(PORTS.http);
    expect(config.server?.port).toBe(PORTS.server);
    expect(valuesOf("EXPOSE")).toEqual([Object.values(PORTS).join(" ")]);
  });
});

describe("the configuration of the containers", () => {
  it("listens for other containers only with a token", async () => {
    const { config } = await loadConfig({ cwd: join(ROOT, "deploy") });
    for (const part of [config.receiver, config.server])
      expect(part).toMatchObject({ host: "0.0.0.0", tokenEnv: "TRACEGATE_TOKEN" });
  });
});

describe("the build script", () => {
  const build = (...words: string[]) =>
    spawnSync("sh", [join(ROOT, "deploy/build-image-root.sh"), ...words], { encoding: "utf8" });

  it("asks for both folders", () => {
    expect(build(ROOT)).toMatchObject({ status: 2, stderr: expect.stringContaining("CHECKOUT TARGET") });
  });

  it("refuses a target that holds something", () => {
    using target = projectFolder({ "left-over": "x" });
    const { status, stderr } = build(ROOT, target.root);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `${target.root} is not empty. Name a folder that is.\n`,
    });
  });
});

describe("compose.yaml", () => {
  const each = Object.entries(services);
  const limits = (service: ComposeService) => Reflect.get(Object(service.deploy), "resources")?.limits;

  it("starts receivers, workers, Redis and PostgreSQL", () => {
    expect(Object.keys(services)).toEqual([...OURS, "redis", "postgres"]);
  });

  it.each(each)(
    "bounds processors, memory and logs of %s, asks for its health and starts it again",
    (name, service) => {
      expect(limits(service)).toEqual({
        cpus: expect.stringMatching(/^\d+\.\d$/),
        memory: expect.stringMatching(/^\d+[MG]$/),
      });
      expect(service).toMatchObject({ restart: "unless-stopped", logging: { driver: "local" } });
      const health = healthCommand(deployment, name === "receive" ? undefined : name);
      expect(health.length).toBeGreaterThan(1);
    },
  );

  it.each(each.filter(([name]) => !OURS.includes(name)))(
    "names the version of %s exactly",
    (_, { image }) => {
      expect(image).toMatch(/^\w+:\d+\.\d+(\.\d+)?-bookworm$/);
    },
  );

  it("opens the receiver's ports to this machine only, and no other port", () => {
    const published = each.flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`));
    expect(published).toEqual([
      `receive 127.0.0.1:\${OTLP_HTTP_PORTS:-${PORTS.http}}:${PORTS.http}`,
      `receive 127.0.0.1:\${OTLP_GRPC_PORTS:-${PORTS.grpc}}:${PORTS.grpc}`,
    ]);
  });

  it("has no default password: every secret must be set, and the example names it", () => {
    const secrets = ["TRACEGATE_TOKEN", "REDIS_PASSWORD", "POSTGRES_PASSWORD"];
    for (const secret of secrets) {
      const uses = composeText.match(new RegExp(`\\$\\{${secret}\\b[^}]*\\}`, "g")) ?? [];
      expect(uses.length).toBeGreaterThan(0);
      for (const use of uses) expect(use).toMatch(/^\$\{\w+:\?./);
    }
    const variables = new Set([...composeText.matchAll(/\$\{(\w+)/g)].map(([, name]) => name));
    const example = [...read("deploy/env.example").matchAll(/^(\w+)=/gm)].map(([, name]) => name);
    expect([...variables].filter((name) => !name?.endsWith("_PORTS")).sort()).toEqual(example.sort());
  });

  it.each(OURS)("gives %s nothing it does not need, and time to finish", (name) => {
    expect(services[name]).toMatchObject({
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
      stop_grace_period: "45s",
      depends_on: { redis: { condition: "service_healthy" }, postgres: { condition: "service_healthy" } },
    });
  });

  it("asks a worker for its health where the configuration has it listen", () => {
    expect(healthCommand(deployment, "work").join(" ")).toContain(`http://127.0.0.1:${PORTS.server}/healthz`);
  });

  it("has Redis write before it answers, evict nothing, and stay below its limit", () => {
    const words = (services.redis?.command ?? []).join(" ");
    expect(words).toContain("--appendonly yes --appendfsync always");
    expect(words).toContain("--maxmemory-policy noeviction");
    const maximum = Number(/--maxmemory (\d+)mb/.exec(words)?.[1]);
    expect(limits(services.redis ?? { image: "" })).toMatchObject({ memory: "2G" });
    expect(maximum).toBeLessThanOrEqual(0.75 * 2_048);
  });

  it.each(["redis", "postgres"])("keeps the data of %s in a volume", (name) => {
    expect(services[name]?.volumes?.[0]).toMatch(new RegExp(`^${name}:/`));
  });
});

const hasCompose = spawnSync("docker", ["compose", "version"]).status === 0;

describe.skipIf(!hasCompose)("docker compose (skipped where its plugin is not installed)", () => {
  const config = (secrets: string) => {
    using folder = projectFolder({ env: secrets });
    const words = [
      "compose",
      "-f",
      "deploy/compose.yaml",
      "--env-file",
      join(folder.root, "env"),
      "config",
      "--quiet",
    ];
    return spawnSync("docker", words, { cwd: ROOT, encoding: "utf8" });
  };

  it("takes the file", () => {
    const { status, stderr } = config("TRACEGATE_TOKEN=a\nREDIS_PASSWORD=b\nPOSTGRES_PASSWORD=c\n");
    expect({ status, stderr }).toMatchObject({ status: 0 });
  });

  it("does not start without the secrets", () => {
    const { status, stderr } = config("TRACEGATE_TOKEN=a\nREDIS_PASSWORD=b\n");
    expect(status).not.toBe(0);
    expect(stderr).toContain("POSTGRES_PASSWORD");
  });
});
