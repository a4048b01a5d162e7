import { Command, InvalidArgumentError, Option } from "commander";

import { listenForTraces } from "../../app/listen-for-traces.ts";
import { readObservations } from "../../app/read-traces.ts";
import { storedTraces } from "../../app/stored-traces.ts";
import type { Config } from "../../config/schema.ts";
import { TracegateError } from "../../core/errors.ts";
import { Diagnosis } from "../../pipeline/diagnose/diagnose.ts";
import type { Observation } from "../../pipeline/diagnose/observation.ts";
import { configOption, pointInTime, portNumber } from "../options.ts";
import { diagnosisText } from "../print/diagnosis-text.ts";
import { note, writeLine } from "../print/output.ts";
import { count, plain } from "../print/plain.ts";
import { startProgress } from "../print/progress.ts";
import { configOf, type Session } from "../session.ts";

interface DoctorFlags {
  readonly config?: string;
  readonly format: "table" | "json";
  readonly listen?: number;
  readonly traces: number;
  readonly since?: number;
}

/** `tracegate doctor [files | endpoint]` */
export function doctorCommand(session: Session): Command {
  return new Command("doctor")
    .summary("say what the instrumentation of an agent lacks, and how to mend it")
    .description(
      "Reads traces and says what their instrumentation lacks, what that costs and how to mend it: of OTLP files " +
        "(- is standard input), of the traces that `tracegate up` has stored, or of an agent that sends to it: " +
        "`doctor http://127.0.0.1:4318` listens there until some traces are complete or Ctrl-C. Exit code 0: " +
        "nothing serious; 1: something serious, no trace, or input that could not be read; 2: usage.",
    )
    .argument(
      "[files or endpoint...]",
      "OTLP files, -, or an address to listen on (default: the stored traces)",
    )
    .addOption(configOption())
    .addOption(
      new Option("-f, --format <format>", "how the findings are printed")
        .choices(["table", "json"])
        .default("table"),
    )
    .option("--listen <port>", "listen on this port of 127.0.0.1; 0 takes a free one", portNumber)
    .option("--traces <number>", "complete traces to listen for", wholeNumber, 20)
    .option("--since <time>", "stored traces that began at or after this time", pointInTime)
    .action(async (names: string[], flags: DoctorFlags) => {
      const { config } = await configOf(session, flags.config);
      const problems: string[] = [];
      const progress = startProgress();
      const diagnosis = new Diagnosis();
      let traces = 0;
      for await (const observation of sourceOf(names, flags, config, session, problems)) {
        diagnosis.add(observation);
        traces += 1;
        progress.update(`examined ${count(traces, "trace")}`);
      }
      progress.done();
      const report = diagnosis.report();
      if (flags.format === "json") await writeLine(JSON.stringify(report, null, 2));
      else if (traces > 0) await writeLine(diagnosisText(report));
      for (const problem of problems) note(plain(problem));
      if (traces === 0 && problems.length === 0) note("No trace was found.");
      const isSerious = report.findings.some((finding) => finding.severity === "serious");
      session.exitCode = isSerious || traces === 0 || problems.length > 0 ? 1 : 0;
    });
}

function sourceOf(
  names: readonly string[],
  flags: DoctorFlags,
  config: Config,
  session: Session,
  problems: string[],
): AsyncIterable<Observation> {
  const endpoints = names.filter((name) => /^https?:\/\//i.test(name));
  const [endpoint] = endpoints;
  const ways = [names.length > endpoints.length, endpoint !== undefined, flags.listen !== undefined];
  if (ways.filter(Boolean).length > 1 || endpoints.length > 1) {
    throw new TracegateError(
      "usage",
      "doctor reads files or listens on one address, not both. Name one of them.",
    );
  }
  if (endpoint !== undefined) return listen(addressOf(endpoint), flags, config, session);
  if (flags.listen !== undefined) {
    return listen({ host: "127.0.0.1", port: flags.listen }, flags, config, session);
  }
  if (names.length === 0) {
    return storedTraces(config, session, {
      filter: flags.since === undefined ? {} : { since: flags.since },
    });
  }
  return readObservations({
    files: names,
    signal: session.signal,
    onProblem: (problem) => problems.push(problem),
    names: config.conventions.names,
  });
}

function listen(
  address: { readonly host: string; readonly port: number },
  { traces }: DoctorFlags,
  config: Config,
  session: Session,
): AsyncIterable<Observation> {
  const progress = startProgress();
  return listenForTraces({
    ...address,
    config,
    environment: session.environment,
    traces,
    signal: session.signal,
    onListening(url) {
      note(`Listening on ${url} for ${count(traces, "trace")}. Set in the agent's environment:`);
      note(`  OTEL_EXPORTER_OTLP_ENDPOINT=${url}`);
      note("Ctrl-C reports on what has arrived by then.");
    },
    onArrival: (arrived) =>
      progress.update(`${count(arrived.traces, "trace")} arrived, ${arrived.complete} of ${traces} complete`),
    onFault: (message) => note(plain(message)),
  });
}

/** A backend cannot be asked for its traces over OTLP; so an address is one to listen on. */
function addressOf(endpoint: string): { readonly host: string; readonly port: number } {
  const url = URL.parse(endpoint);
  if (url?.protocol !== "http:" || !["", "/", "/v1/traces"].includes(url.pathname)) {
    throw new TracegateError(
      "usage",
      `${endpoint} is no address to listen on: traces cannot be read from an OTLP backend. Give one of this machine, e.g. http://127.0.0.1:4318, and let the agent send to it.`,
    );
  }
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port: url.port === "" ? 80 : Number(url.port) };
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1) return number;
  throw new InvalidArgumentError("Give a whole number from 1 on.");
}
