/** A status line that rewrites itself. */
export interface Progress {
  update(text: string): void;
  /** Removes the line. */
  done(): void;
}

/** Work shorter than this shows nothing, ms. */
const PATIENCE = 2_000;
/** Time between two redraws, ms. */
const INTERVAL = 100;

/** Progress on a terminal for work of more than two seconds; nothing at all when stderr is piped. */
export function startProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const begun = Date.now();
  let drawn = 0;
  if (!stream.isTTY) return { update: () => {}, done: () => {} };
  return {
    update(text) {
      const now = Date.now();
      if (now - begun < PATIENCE || now - drawn < INTERVAL) return;
      drawn = now;
      stream.write(`\r\u001b[2K${text.slice(0, Math.max(20, stream.columns - 1))}`);
    },
    done() {
      if (drawn > 0) stream.write("\r\u001b[2K");
      drawn = 0;
    },
  };
}
