import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { projectFolder } from "./project-folder.ts";

const SCRIPT = join(import.meta.dirname, "../../scripts/setup.sh");
const REDIS = "#!/bin/sh\necho Redis server v=7.0.15 sha=0\n";
const PYTHON = "#!/bin/sh\necho Python 3.11.2\n";
const INITDB = "#!/bin/sh\necho initdb (PostgreSQL) 15.18\n";
const CHROMIUM = "#!/bin/sh\necho Chromium 140\n";

/** Runs the script where only the given commands exist, beside the few that every system has. */
function setup(given: { readonly [name: string]: string | undefined }) {
  const commands = Object.fromEntries(
    Object.entries({ python3: PYTHON, initdb: INITDB, ...given }).flatMap(([name, text]) =>
      text === undefined ? [] : [[name, text]],
    ),
  );
  using project = projectFolder({ "bin/node": "#!/bin/sh\necho v24.0.0\n", log: "" });
  const { root } = project;
  for (const tool of ["sh", "id", "sed", "env", "cat", "chmod"])
    symlinkSync(which(tool), join(root, "bin", tool));
  using fakes = projectFolder(commands);
  for (const name of Object.keys(commands)) chmodSync(join(fakes.root, name), 0o755);
  chmodSync(join(root, "bin/node"), 0o755);
  const run = spawnSync(join(root, "bin/sh"), [SCRIPT], {
    encoding: "utf8",
    env: {
      PATH: `${join(root, "bin")}:${fakes.root}`,
      SETUP_MORE_PATH: "",
      SETUP_POSTGRES_ROOT: "/nowhere",
      FAKES: fakes.root,
      LOG: join(root, "log"),
    },
  });
  return {
    status: run.status,
    output: run.stdout + run.stderr,
    log: readFileSync(join(root, "log"), "utf8"),
  };
}

function which(tool: string): string {
  return spawnSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).stdout.trim();
}

/** A package manager that writes down its arguments and, when asked to install, brings the last thing named. */
const packageManager = `#!/bin/sh
echo "manager $*" >> "$LOG"
case " $* " in *" install "*|*" add "*)
  case " $* " in
    *python*) printf '%s' '${PYTHON}' > "$FAKES/python3"; chmod 755 "$FAKES/python3";;
    *postgresql*) printf '%s' '${INITDB}' > "$FAKES/initdb"; chmod 755 "$FAKES/initdb";;
    *chromium*) printf '%s' '${CHROMIUM}' > "$FAKES/chromium"; chmod 755 "$FAKES/chromium";;
    *) printf '%s' '${REDIS}' > "$FAKES/redis-server"; chmod 755 "$FAKES/redis-server";;
  esac;;
esac
`;

/** Passes the command on, as sudo does, so that the test needs no root. */
const sudo = '#!/bin/sh\n[ "$1" = "-n" ] && shift\nexec "$@"\n';

describe("npm run setup", () => {
  it("installs Python where it is missing, and gives up where it cannot", () => {
    const there = { "redis-server": REDIS, "google-chrome": CHROMIUM, python3: undefined };
    const helped = setup({ ...there, "apt-get": packageManager, sudo });
    expect(helped.output).toContain("setup: installed python3: ");
    expect(helped.log).toContain("install -y -q --no-install-recommends python3");
    expect(helped.status).toBe(0);
    const helpless = setup(there);
    expect(helpless.output).toContain("setup: could not install Python 3.");
    expect(helpless.status).toBe(1);
  });

  it("installs nothing when everything is there", () => {
    const { status, output, log } = setup({
      "redis-server": REDIS,
      "google-chrome": CHROMIUM,
      "apt-get": packageManager,
      sudo,
    });
    expect(output).toContain("redis-server is there");
    expect(output).toContain("PostgreSQL is there");
    expect(output).toContain("chromium is there");
    expect(log).toBe("");
    expect(status).toBe(0);
  });

  it.each([
    ["apt-get", "manager install -y -q --no-install-recommends redis-server"],
    ["dnf", "manager install -y redis"],
    ["apk", "manager add --no-cache redis"],
    ["brew", "manager install redis"],
  ])("installs it with %s and says so", (name, call) => {
    const { status, output, log } = setup({ [name]: packageManager, sudo });
    expect(output).toContain(`with ${name}`);
    expect(output).toContain("installed redis-server");
    expect(log).toContain(call);
    expect(status).toBe(0);
  });

  it.each([
    ["apt-get", "manager update -q\nmanager install -y -q --no-install-recommends chromium\n"],
    ["dnf", "manager install -y chromium\n"],
    ["apk", "manager add --no-cache chromium\n"],
  ])("installs Chromium with %s", (name, calls) => {
    const { status, output, log } = setup({ "redis-server": REDIS, [name]: packageManager, sudo });
    expect(output).toContain("installed chromium");
    expect(log).toBe(calls);
    expect(status).toBe(0);
  });

  it.each([
    ["apt-get", "manager update -q\nmanager install -y -q --no-install-recommends postgresql\n"],
    ["dnf", "manager install -y postgresql-server\n"],
    ["brew", "manager install postgresql\n"],
  ])("installs PostgreSQL with %s", (name, calls) => {
    const there = { "redis-server": REDIS, "google-chrome": CHROMIUM, initdb: undefined };
    const { status, output, log } = setup({ ...there, [name]: packageManager, sudo });
    expect(output).toContain("installed PostgreSQL: ");
    expect(log).toBe(calls);
    expect(status).toBe(0);
  });

  it("goes on without PostgreSQL and Chromium, whose tests are skipped then", () => {
    const { status, output } = setup({ "redis-server": REDIS, initdb: undefined });
    expect(output).toContain("the tests of the store in PostgreSQL are skipped");
    expect(output).toContain("the tests that look at pages are skipped");
    expect(output).toContain("done");
    expect(status).toBe(0);
  });

  it("says what to do by hand when there is no package manager it knows", () => {
    const { status, output } = setup({});
    expect(output).toContain("found none of apt-get");
    expect(output).toContain("By hand: install Redis 6.2 or newer");
    expect(status).toBe(1);
  });

  it("says what to do by hand when the installation fails", () => {
    const { status, output } = setup({ apk: "#!/bin/sh\necho no network >&2\nexit 1\n", sudo });
    expect(output).toContain("no network");
    expect(output).toContain("By hand:");
    expect(status).toBe(1);
  });

  it("refuses a Redis that BullMQ cannot use", () => {
    const { status, output } = setup({ "redis-server": REDIS.replace("7.0.15", "5.0.7") });
    expect(output).toContain("too old for BullMQ");
    expect(status).toBe(1);
  });
});
