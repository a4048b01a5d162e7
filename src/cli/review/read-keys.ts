/** Keys as they are pressed, one at a time. */
export interface KeyReader {
  /** The next key; null at the end of the input and on Ctrl-C. */
  next(): Promise<string | null>;
  /** Leaves the terminal to another program. */
  pause(): void;
  resume(): void;
  close(): void;
}

/** Reads single keys from a terminal, or characters from a pipe. White space is passed over. */
export function readKeys(signal: AbortSignal, input: NodeJS.ReadStream = process.stdin): KeyReader {
  const ready: string[] = [];
  let ended = false;
  let wake: (() => void) | undefined;
  const onData = (chunk: string) => {
    for (const key of chunk) {
      if (key === "\u0003" || key === "\u0004") ended = true;
      else if (key.trim() !== "") ready.push(key.toLowerCase());
    }
    wake?.();
  };
  const onEnd = () => {
    ended = true;
    wake?.();
  };
  const raw = (on: boolean) => {
    if (input.isTTY) input.setRawMode(on);
  };
  input.setEncoding("utf8");
  raw(true);
  input.on("data", onData).on("end", onEnd);
  signal.addEventListener("abort", onEnd);
  return {
    async next() {
      while (ready.length === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return ready.shift() ?? null;
    },
    pause() {
      raw(false);
      input.pause();
    },
    resume() {
      raw(true);
      input.resume();
    },
    close() {
      raw(false);
      input.off("data", onData).off("end", onEnd).pause();
      signal.removeEventListener("abort", onEnd);
    },
  };
}
