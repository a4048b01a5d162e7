import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A command of the image, running. */
export interface ImageProcess {
  /** Resolves with the first line of its log that fits, from its start on. */
  said(wanted: RegExp): Promise<string>;
  /** Its exit code, once it has ended; null: killed. */
  readonly ended: Promise<number | null>;
  /** SIGTERM; gives the exit code. */
  stop(): Promise<number | null>;
}

/** Where the image's files are, and as whom its commands run. */
export interface ImageRoot {
  /** In the place of /. */
  readonly root: string;
  /** Of a user that owns nothing there; undefined: the one who runs this. */
  readonly uid: number | undefined;
}

const PATIENCE_MS = 60_000;

/** Starts `tracegate <args>` of an image in its /work, with nothing but the given environment. */
export function startInImage(
  { root, uid }: ImageRoot,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): ImageProcess {
  const child = spawn(join(root, "usr/local/bin/tracegate"), args, {
    cwd: join(root, "work"),
    env: {
      PATH: `${join(root, "usr/local/bin")}:${process.env.PATH ?? ""}`,
      NODE_ENV: "production",
      ...environment,
    },
    stdio: ["ignore", "ignore", "pipe"],
    ...(uid !== undefined && { uid, gid: uid }),
  });
  const ended = once(child, "close").then(([code]) => code);
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stderr }).on("line", (line) => {
    lines.push(line);
    for (const look of waiting) look();
  });
  const told = () => `tracegate ${args.join(" ")} said:\n${lines.join("\n")}`;
  return {
    said: (wanted) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const line = lines.find((one) => wanted.test(one));
          if (line === undefined) return;
          waiting.delete(look);
          clearTimeout(timer);
          resolve(line);
        };
        const fail = () => reject(new Error(`Nothing like ${wanted}. ${told()}`));
        const timer = setTimeout(fail, PATIENCE_MS);
        waiting.add(look);
        ended.then(fail);
        look();
      }),
    ended,
    stop() {
      child.kill("SIGTERM");
      return ended;
    },
  };
}
