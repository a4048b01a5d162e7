import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";

import { terminal } from "./user-project.ts";

/** A command that goes on until it is interrupted. */
export interface Background {
  /** Resolves with the first line that fits, also one of the past. */
  said(pattern: RegExp): Promise<string>;
  /** Ctrl-C; resolves when every process of it has ended. */
  interrupt(): Promise<void>;
}

/** Starts a command line as from a terminal, in a process group of its own. */
export function startBackground(line: string, cwd: string): Background {
  const child = spawn("sh", ["-c", line], {
    cwd,
    env: terminal(),
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  const ended = once(child, "close");
  const lines: string[] = [];
  const arrived = new EventTarget();
  createInterface({ input: child.stderr }).on("line", (text) => {
    lines.push(text);
    arrived.dispatchEvent(new Event("line"));
  });
  return {
    said(pattern) {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const look = () => {
        const line = lines.find((each) => pattern.test(each));
        if (line !== undefined) resolve(line);
      };
      const missing = () => reject(new Error(`not said: ${pattern}\n${lines.join("\n")}`));
      const timer = setTimeout(missing, 20_000);
      ended.then(missing);
      arrived.addEventListener("line", look);
      look();
      return promise.finally(() => {
        clearTimeout(timer);
        arrived.removeEventListener("line", look);
      });
    },
    async interrupt() {
      try {
        process.kill(-(child.pid ?? 0), "SIGINT");
      } catch {
        // It has ended already.
      }
      await ended;
    },
  };
}

/** A port nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
