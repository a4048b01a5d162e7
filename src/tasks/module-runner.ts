/**
 * What the child process of a `module` task runs, as source: with `node -e` it needs no file of its own,
 * so it works from a bundle too. It gets one message, `{url, name, case, setting}`, and sends one back,
 * `{answer}` or `{error}`. When the parent goes, it goes.
 *
 * Spans and log records that wait in the global providers are sent before the answer is; an agent with a provider
 * of its own flushes it itself, as it must in production.
 */
export const MODULE_RUNNER = `
process.on("disconnect", () => process.exit(1));
process.once("message", async ({ url, name, input, setting }) => {
  const reply = (message) => process.send(message, () => {
    process.removeAllListeners("disconnect");
    process.disconnect();
  });
  try {
    const module = await import(url);
    const agent = module[name];
    if (typeof agent !== "function") {
      const found = Object.keys(module).join(", ") || "nothing";
      throw new Error("it exports no function named " + name + ", but " + found);
    }
    const output = await agent(input, { ...setting, signal: new AbortController().signal });
    const api = globalThis[Symbol.for("opentelemetry.js.api.1")];
    const provider = api?.trace?.getDelegate?.() ?? api?.trace;
    await provider?.forceFlush?.();
    await globalThis[Symbol.for("io.opentelemetry.js.api.logs")]?.(1)?.forceFlush?.();
    const answer = typeof output === "string" ? output : output?.answer;
    reply({ answer: typeof answer === "string" ? answer : null });
  } catch (error) {
    reply({ error: error instanceof Error ? error.stack ?? error.message : String(error) });
  }
});
`;
