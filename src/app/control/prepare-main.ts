import { cp, mkdir, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";

import type { Config } from "../../config/schema.ts";
import { messageOf } from "../../core/errors.ts";
import type { Task } from "../../core/run.ts";
import { type GitCommand, gitIn, gitText } from "../../datasets/git-command.ts";
import { credentialsFor } from "../../datasets/git-credentials.ts";
import type { MainAgent, PrepareMain } from "../../pipeline/control/main-agent.ts";
import type { Environment } from "../equipment.ts";
import type { GatePlace } from "../gate-setup.ts";
import { findBase } from "./base-commit.ts";
import { borrowPackages, type TwoCheckouts, whySetUpIsNeeded } from "./borrowed-packages.ts";
import { loadRemoteTask } from "./remote-task.ts";
import { runSetUp } from "./set-up.ts";
import { addWorktree, pruneWorktrees, type Worktree } from "./worktree.ts";

/** Where the gate works, and what it tries. */
export interface ControlPlace extends Pick<GatePlace, "cwd" | "env" | "gitToken"> {
  readonly config: Config;
  /** The configuration's file; null: it came from none, so main's cannot be found. */
  readonly configPath: string | null;
  readonly task: Task;
  /** The configuration that somebody named, as they wrote it; main's is read from the same place. Default: found as usual. */
  readonly namedConfig?: string;
  /** Branch or commit that the change began at. Default: `gate.control.base`, else what the runner or git says. */
  readonly base?: string;
}

/** Variables that would make git work in another repository than the folder's. */
const GIT_PLACES = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX"];

interface Refusal {
  readonly reason: string;
}

/**
 * Makes main's agent ready: a checkout of the merge base, the configured set-up in it, and the task of main's own configuration in a process
 * that lives there. Datasets, recordings and scorers stay those of the change, so that the agent is all that differs: with main's own, a case
 * that the change added or corrected would be held against other criteria on each side.
 */
export function mainPreparer(place: ControlPlace): PrepareMain {
  return async (signal) => {
    try {
      return await new MainCheckout(place).open(signal);
    } catch (error) {
      return { reason: messageOf(error) };
    }
  };
}

class MainCheckout {
  readonly #place: ControlPlace;
  readonly #env: Environment;
  readonly #git: GitCommand;
  readonly #log: string;

  constructor(place: ControlPlace) {
    const { cwd, env, config } = place;
    this.#place = place;
    const kept = Object.entries(env).filter(([name]) => !GIT_PLACES.includes(name));
    this.#env = { ...Object.fromEntries(kept), TRACEGATE_CONTROL: "1" };
    this.#git = gitIn(cwd, this.#env);
    this.#log = resolve(cwd, config.directory, "control.log");
  }

  async open(signal: AbortSignal | undefined): Promise<MainAgent | Refusal> {
    const { config, configPath, task } = this.#place;
    const { control } = config.gate;
    if (control === false) return { reason: "gate.control is false" };
    if (configPath === null)
      return { reason: "the configuration is no file, so main has none to compare with" };
    if (task.external) {
      return {
        reason: `the agent (${task.description}) is a service that tracegate does not start, so main's could not be told from it`,
      };
    }
    const base = await this.#base();
    if ("reason" in base) return base;
    await mkdir(resolve(this.#log, ".."), { recursive: true });
    await writeFile(this.#log, "", { mode: 0o600 });
    await pruneWorktrees(this.#git);
    const worktree = await addWorktree(this.#git, {
      commit: base.commit,
      ...(this.#env.RUNNER_TEMP ? { folder: this.#env.RUNNER_TEMP } : {}),
    });
    if ("reason" in worktree) return worktree;
    let agent: MainAgent | Refusal | undefined;
    try {
      agent = await this.#agentIn(worktree, base, signal);
      return agent;
    } finally {
      if (!agent || "reason" in agent) await worktree.remove();
    }
  }

  async #base() {
    const { config, base, gitToken } = this.#place;
    const { control } = config.gate;
    const wanted = base ?? (control ? control.base : undefined);
    const found = await findBase(this.#git, {
      env: this.#env,
      ...(wanted ? { wanted } : {}),
      ...(gitToken ? { credentials: await credentialsFor(this.#git, gitToken, this.#env) } : {}),
    });
    if ("reason" in found) return found;
    const head = await gitText(this.#git, ["rev-parse", "HEAD"]);
    if (head !== found.commit || (await this.#isChanged())) return found;
    return { reason: `what is checked out is ${found.base} itself, so there is no change to blame` };
  }

  /** Whether tracked files differ from the commit. */
  async #isChanged(): Promise<boolean> {
    return (await this.#git(["diff", "--quiet", "HEAD"])).code !== 0;
  }

  async #agentIn(
    worktree: Worktree,
    { commit, base }: { readonly commit: string; readonly base: string },
    signal: AbortSignal | undefined,
  ): Promise<MainAgent | Refusal> {
    const checkouts = await this.#checkouts(worktree);
    const cwd = join(checkouts.main, checkouts.prefix);
    const refused = await this.#setUp(commit, checkouts, cwd, signal);
    if (refused !== null) return { reason: refused };
    const { cwd: place, namedConfig } = this.#place;
    const task = await loadRemoteTask({
      cwd,
      config: namedConfig === undefined ? null : relative(place, resolve(place, namedConfig)),
      env: this.#env,
      log: this.#log,
    });
    if ("reason" in task) return task;
    const close = async () => {
      await task.close();
      await worktree.remove();
    };
    if (task.external) {
      await task.close();
      return { reason: `main's agent (${task.description}) is a service that tracegate does not start` };
    }
    if (task.kind === "replay") await this.#lendRecordings(cwd);
    return { task, commit, base, close };
  }

  async #checkouts(worktree: Worktree): Promise<TwoCheckouts> {
    return {
      change: await gitText(this.#git, ["rev-parse", "--show-toplevel"]),
      main: worktree.path,
      prefix: await gitText(this.#git, ["rev-parse", "--show-prefix"]),
    };
  }

  /** Null when main can be run. */
  async #setUp(
    commit: string,
    checkouts: TwoCheckouts,
    cwd: string,
    signal: AbortSignal | undefined,
  ): Promise<string | null> {
    const { control } = this.#place.config.gate;
    if (control && control.setup !== undefined) {
      const { setup: command, timeoutMs } = control;
      return runSetUp({ command, cwd, env: this.#env, timeoutMs, signal, log: this.#log });
    }
    const why = control ? null : await whySetUpIsNeeded(this.#git, commit, checkouts);
    if (why === null) await borrowPackages(checkouts);
    return why;
  }

  /** Recordings are part of what a case asks, so main replays those of the change. Their names are hashes of their content. */
  async #lendRecordings(cwd: string): Promise<void> {
    const { cwd: own, config } = this.#place;
    const folder = config.harvest.recordings;
    await cp(resolve(own, folder), resolve(cwd, folder), { recursive: true, force: false }).catch(() => {});
  }
}
