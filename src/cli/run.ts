import { Command, CommanderError } from "commander";

import { version } from "../app/version.ts";
import { resolveSelf } from "../config/resolve-self.ts";
import { EXIT, interruption, report, surviveStrayErrors } from "./exit.ts";
import { loadCommands } from "./load-commands.ts";
import { isReaderGone, note, surviveLeavingReaders } from "./print/output.ts";
import { plain } from "./print/plain.ts";
import type { Session } from "./session.ts";

/** Runs one command line and returns its exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  resolveSelf(
    {
      index: new URL(`../index.${extension}`, import.meta.url).href,
      testing: new URL(`../testing/index.${extension}`, import.meta.url).href,
    },
    extension === "ts" ? "own" : "installed",
  );
  surviveLeavingReaders();
  const session: Session = {
    cwd: process.cwd(),
    environment: process.env,
    signal: interruption(),
    exitCode: null,
    faultCode: 1,
    onStray: (message) => note(plain(`tracegate: ${message}`)),
  };
  surviveStrayErrors(session);
  const program = describe();
  try {
    for (const command of await loadCommands(argv, session))
      program.addCommand(command.copyInheritedSettings(program));
    await program.parseAsync([...argv], { from: "user" });
    return session.exitCode ?? (session.signal.aborted ? EXIT.interrupted : EXIT.pass);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
    // The reader had enough (`| head`): no fault, and a verdict that is decided stands.
    if (isReaderGone(error)) return session.exitCode ?? EXIT.pass;
    if (session.signal.aborted) {
      // The status line may be half drawn; the prompt goes below it.
      if (process.stderr.isTTY) note("");
      return EXIT.interrupted;
    }
    return report(error, session.faultCode);
  }
}

function describe(): Command {
  return new Command("tracegate")
    .description(
      "Scores agent traces in production, turns failures into eval cases, blocks the change that brings one back.",
    )
    .version(version())
    .showHelpAfterError("Run with --help to see what there is.")
    .exitOverride()
    .addHelpText(
      "after",
      `
The loop, from start to end:
  tracegate up                        take traces on http://127.0.0.1:4318 and score them
  tracegate harvest                   put the failures into evals/datasets/harvested.jsonl
  tracegate review                    accept or reject them, one key per case
  tracegate gate --record             on main: learn what passes
  tracegate gate                      on a change: exit 1 when it breaks a case that main passes

Without a server:
  tracegate score traces.jsonl        score OTLP files (JSON, JSONL, protobuf; gzip, zstd; - for stdin)
  tracegate show traces.jsonl         see what is in them`,
    );
}
