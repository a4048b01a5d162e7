import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Command, Option } from "commander";

import { TracegateError } from "../../core/errors.ts";
import type { ModelReply, ModelRequest } from "../../llmwire/model-request.ts";
import { startModelServer } from "../../llmwire/model-server.ts";
import { runDemo } from "../demo/demo.ts";
import { Narrator } from "../demo/narrator.ts";
import { note, writeLine } from "../print/output.ts";
import { startProgress } from "../print/progress.ts";
import type { Session } from "../session.ts";

/** `tracegate demo` */
export function demoCommand(session: Session): Command {
  return new Command("demo")
    .summary("see the whole loop on a small agent, without key or service")
    .description(
      "Runs the whole loop in a repository of its own: a support agent with planted faults serves 60 requests, " +
        "the failures are scored, harvested and accepted, its fix passes, and a change that brings one fault back " +
        "is blocked. The models are simulated by a local server; with OPENAI_API_KEY or ANTHROPIC_API_KEY set, " +
        "the judges ask the real model.",
    )
    .option(
      "--redis [url]",
      "send the jobs through BullMQ (default: the URL in the environment, else redis://127.0.0.1:6379)",
    )
    .addOption(
      new Option("-f, --format <format>", "how the result is printed")
        .choices(["table", "json"])
        .default("table"),
    )
    .action(async (options: { redis?: string | true; format: string }) => {
      const repository = fileURLToPath(new URL("../../../", import.meta.url));
      const reply = await loadSimulation(repository);
      const model = await startModelServer({ reply });
      const print =
        options.format === "json" ? () => {} : (text: string) => process.stdout.write(`${text}\n`);
      const narrator = new Narrator(print, startProgress());
      try {
        const result = await runDemo({ session, repository, model, narrator, redis: options.redis ?? false });
        if (options.format === "json") await writeLine(JSON.stringify(result));
        const expected =
          result.gate.main === "pass" && result.gate.fix === "pass" && result.gate.regression === "block";
        if (!expected || result.scored !== result.traces) {
          note(`tracegate: the demo did not end as it should: ${JSON.stringify(result)}`);
          session.exitCode = 1;
        }
      } finally {
        await model.close();
      }
    });
}

/** The simulated model of the clone, with the same wording in every run of the demo. */
async function loadSimulation(repository: string): Promise<(request: ModelRequest) => ModelReply> {
  const path = `${repository}evals/support-agent/simulated-model.ts`;
  if (!existsSync(path)) {
    throw new TracegateError(
      "usage",
      "The demo needs a clone of the tracegate repository: its agent lies in evals/, which the package leaves out.",
    );
  }
  process.env.SUPPORT_AGENT_WORDING ??= "0";
  const module: { simulatedModel(request: ModelRequest): ModelReply } = await import(
    pathToFileURL(path).href
  );
  return module.simulatedModel;
}
