import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Where Chromium, or Chrome, is; null when there is none. `npm run setup` installs it. */
export function findBrowser(): string | null {
  for (const name of ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]) {
    const found = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim();
    if (found) return found;
  }
  return null;
}

/** A headless browser with one tab, driven over the DevTools protocol. */
export class Browser {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, PromiseWithResolvers<unknown>>();
  #session = "";
  #last = 0;

  private constructor(process: ChildProcess, profile: string, socket: WebSocket) {
    this.#process = process;
    this.#profile = profile;
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const { id, result, error } = JSON.parse(String(data));
      const answer = this.#answers.get(id);
      this.#answers.delete(id);
      if (error) answer?.reject(new Error(error.message));
      else answer?.resolve(result);
    });
  }

  static async open(program: string): Promise<Browser> {
    const profile = mkdtempSync(join(tmpdir(), "tracegate-browser-"));
    const child = spawn(
      program,
      [
        "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking",
        "--disable-component-update --disable-sync --disable-dev-shm-usage --remote-debugging-port=0",
      ]
        .flatMap((line) => line.split(" "))
        .concat(`--user-data-dir=${profile}`, "about:blank"),
      { stdio: ["ignore", "ignore", "pipe"], env: { PATH: process.env.PATH, HOME: profile } },
    );
    let address = "";
    for await (const line of createInterface({ input: child.stderr })) {
      address = /DevTools listening on (\S+)/.exec(line)?.[1] ?? "";
      if (address) break;
    }
    child.stderr.resume();
    const socket = new WebSocket(address);
    await once(socket, "open");
    const browser = new Browser(child, profile, socket);
    const { targetId } = await browser.send<{ targetId: string }>("Target.createTarget", {
      url: "about:blank",
    });
    const { sessionId } = await browser.send<{ sessionId: string }>("Target.attachToTarget", {
      targetId,
      flatten: true,
    });
    browser.#session = sessionId;
    return browser;
  }

  /** One command of the DevTools protocol. */
  send<Result>(method: string, params: object = {}): Promise<Result> {
    const id = ++this.#last;
    const answer = Promise.withResolvers<unknown>();
    this.#answers.set(id, answer);
    const session = this.#session ? { sessionId: this.#session } : {};
    this.#socket.send(JSON.stringify({ id, method, params, ...session }));
    // What the protocol answers is known by its documentation only.
    return answer.promise as Promise<Result>;
  }

  /** Opens a page and waits until it is there. */
  async show(url: string, width: number): Promise<void> {
    await this.send("Emulation.setDeviceMetricsOverride", {
      width,
      height: 900,
      deviceScaleFactor: 1,
      mobile: false,
    });
    await this.send("Page.navigate", { url });
    await this.evaluate(
      `new Promise((done) => document.readyState === "complete" ? done() : addEventListener("load", () => done()))`,
    );
  }

  /** The value of an expression in the page. */
  async evaluate<Value>(expression: string): Promise<Value> {
    const { result } = await this.send<{ result: { value: Value } }>("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    return result.value;
  }

  async press(key: string): Promise<void> {
    const text = key === "Enter" ? { text: "\r" } : {};
    const event = { key, code: key, windowsVirtualKeyCode: key === "Enter" ? 13 : 9, ...text };
    await this.send("Input.dispatchKeyEvent", { type: "keyDown", ...event });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
  }

  async close(): Promise<void> {
    const gone = once(this.#process, "exit");
    this.#socket.close();
    this.#process.kill("SIGKILL");
    await gone;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
