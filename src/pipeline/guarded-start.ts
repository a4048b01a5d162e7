import { guardedCall, INTERRUPTED } from "./guarded-call.ts";

/** Calls that share one guard begin within this time, ms: the last of them still has nearly all of its own. */
const SHARED_MS = 20;

/** So many that wait are started, however long they would. */
const MOST_WAITING = 128;

/** A call that waits for its turn. */
interface Start {
  readonly call: () => unknown;
  readonly timeoutMs: number;
  readonly settle: (value: unknown) => void;
  readonly fail: (error: unknown) => void;
}

const waiting: Start[] = [];
let turn: NodeJS.Immediate | undefined;
let timer: NodeJS.Timeout | undefined;

/**
 * Calls a function soon, and interrupts it when it takes longer than `timeoutMs`, as {@link guardedCall} does. A guard costs a
 * thread of the system; calls that wait together share one, so that thousands of quick scorers cost tens of guards.
 *
 * One that is interrupted behind others is called once more, first under a guard of its own: only what takes longer
 * than `timeoutMs` by itself gives {@link INTERRUPTED}. `gatherMs` is how long it may wait for others, default until the
 * event loop's next turn. What the function returns is handed on in a box, since a promise
 * would else be waited for.
 */
export function guardedStart<Value>(
  call: () => Value,
  timeoutMs: number,
  gatherMs = 0,
): Promise<{ readonly value: Value } | typeof INTERRUPTED> {
  return new Promise((resolve, reject) => {
    let box: { readonly value: Value } | undefined;
    waiting.push({
      call: () => {
        box = { value: call() };
      },
      timeoutMs,
      settle: () => resolve(box ?? INTERRUPTED),
      fail: reject,
    });
    if (gatherMs === 0 || waiting.length >= MOST_WAITING) turn ??= setImmediate(startWaiting);
    else timer ??= setTimeout(startWaiting, gatherMs);
  });
}

/** Starts all that wait, for who knows that no more will come. */
export function startWaiting(): void {
  clearImmediate(turn);
  clearTimeout(timer);
  turn = undefined;
  timer = undefined;
  const starts = waiting.splice(0);
  let at = 0;
  while (at < starts.length) at = startSome(starts, at);
}

/** Starts from `first` on under one guard, and returns where the next guard goes on. */
function startSome(starts: readonly Start[], first: number): number {
  const timeoutMs = starts[first]?.timeoutMs ?? 0;
  const end = performance.now() + SHARED_MS;
  let at = first;
  const result = guardedCall(() => {
    for (let start = starts[at]; start?.timeoutMs === timeoutMs; start = starts[at]) {
      if (at > first && performance.now() > end) return;
      run(start);
      at += 1;
    }
  }, timeoutMs);
  if (result !== INTERRUPTED || at > first) return at;
  starts[first]?.settle(INTERRUPTED);
  return first + 1;
}

function run(start: Start): void {
  try {
    start.call();
    start.settle(undefined);
  } catch (error) {
    start.fail(error);
  }
}
