/** What the watchdog's thread is given. */
export interface WatchdogData {
  /** One Int32 that the watched thread counts up. */
  readonly beats: SharedArrayBuffer;
  /** Time between two looks, ms. */
  readonly tickMs: number;
  /** Looks without a beat after which the watched thread is stuck. */
  readonly stuckTicks: number;
  /** Code below these URLs is never interrupted: half a transaction would be worse than a stop. */
  readonly protectedUrls: readonly string[];
}

/**
 * The watchdog's thread, as source, so that it works from a bundle too. Ticks are counted instead of reading a clock, so
 * that a machine that slept has not been stuck.
 *
 * Stuck once, the watched thread is asked by the inspector where it is, which also tells a loop from a native call that
 * does not return. Still stuck two ticks later, it is stopped in what it does, unless that is protected. When it does not
 * answer the inspector for three times as long, only the end of the process helps, and another one takes its jobs over.
 */
export const WATCHDOG_THREAD = `
const { parentPort, workerData } = require("node:worker_threads");
const { Session } = require("node:inspector");
const { writeSync } = require("node:fs");
const beats = new Int32Array(workerData.beats);
const { tickMs, stuckTicks, protectedUrls } = workerData;
let last = 0;
let still = 0;
let session = null;
let asked = 0;
let place = null;

function post(method) {
  session.post(method, () => {});
}

function attach() {
  const scripts = new Map();
  session = new Session();
  session.connectToMainThread();
  session.on("Debugger.scriptParsed", ({ params }) => scripts.set(params.scriptId, params.url));
  session.on("Debugger.paused", ({ params }) => {
    if (session === null) return;
    asked += 1;
    const frames = params.callFrames.map(({ functionName, location }) => ({
      functionName,
      url: scripts.get(location.scriptId) ?? "",
      line: location.lineNumber + 1,
    }));
    post("Debugger.resume");
    const isProtected = frames.some(({ url }) => protectedUrls.some((start) => url.startsWith(start)));
    // A look may fall between two turns of user code, where only Node's own frames are seen: then some more are taken.
    place = frames.find(({ url }) => url !== "" && !url.startsWith("node:")) ?? place;
    if (asked < 2 || isProtected || (place === null && asked < 6)) return;
    post("Runtime.terminateExecution");
    parentPort.postMessage({ heldMs: still * tickMs, place: place && place.url + ":" + place.line });
    detach();
  });
  post("Debugger.enable");
  post("Debugger.pause");
}

function detach() {
  post("Debugger.disable");
  session.disconnect();
  session = null;
  asked = 0;
  still = 0;
  place = null;
}

setInterval(() => {
  const now = Atomics.load(beats, 0);
  if (now !== last) {
    last = now;
    still = 0;
    if (session !== null) detach();
    return;
  }
  still += 1;
  if (still === stuckTicks) attach();
  if (session !== null && asked > 0 && still >= stuckTicks + 2) post("Debugger.pause");
  if (still >= 4 * stuckTicks) {
    const seconds = Math.round((still * tickMs) / 1000);
    writeSync(2, "tracegate: the process has been stuck for " + seconds + " s and ends itself; its traces are handed out again\\n");
    process.kill(process.pid, "SIGKILL");
  }
}, tickMs);
`;
