import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";

import { askReceiver } from "../../app/ask-receiver.ts";
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
import { receiverText } from "../print/receiver-text.ts";
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
        "(- is standard input), of the traces that `tracegate up` has stored, or, with --listen, of an agent that sends " +
        "to it until some traces are complete or Ctrl-C. Given an endpoint such as http://127.0.0.1:4318, it asks " +
        "whether a tracegate receiver is reachable there and wants a token, for 5 seconds at the most. Exit code 0: " +
        "nothing serious, or the endpoint takes traces; 1: something serious, no trace, input that could not be read, " +
        "or an endpoint that is no tracegate receiver or takes no traces of yours; 2: usage.",
    )
    .argument(
      "[files or endpoint...]",
      "OTLP files, -, or one http(s) endpoint to ask (default: the stored traces)",
    )
    .addOption(configOption())
    .addOption(
      new Option("-f, --format <format>", "how the findings are printed")
        .choices(["table", "json"])
        .default("table"),
    )
    .option(
      "--listen <port>",
      "listen on this port of 127.0.0.1 and examine what is sent there; 0 takes a free one",
      portNumber,
    )
    .option("--traces <number>", "with --listen: complete traces to wait for", wholeNumber, 20)
    .option("--since <time>", "stored traces that began at or after this time", pointInTime)
    .action(async (names: string[], flags: DoctorFlags) => {
      const { config } = await configOf(session, flags.config);
      const endpoint = endpointOf(names, flags, session);
      if (endpoint === undefined) await examine(names, flags, config, session);
      else await ask(endpoint, flags, config, session);
    });
}

/** The endpoint to ask; undefined: traces are to be examined. */
function endpointOf(names: readonly string[], { listen }: DoctorFlags, { cwd }: Session): string | undefined {
  const endpoints = names.filter((name) => isEndpoint(name, cwd));
  const [endpoint] = endpoints;
  const ways = [names.length > endpoints.length, endpoint !== undefined, listen !== undefined];
  if (ways.filter(Boolean).length > 1 || endpoints.length > 1) {
    throw new TracegateError(
      "usage",
      "doctor reads files, asks one endpoint, or listens on one port (--listen). Name one of them.",
    );
  }
  return endpoint;
}

/** A URL, or `host:port` where no file has that name. */
function isEndpoint(name: string, cwd: string): boolean {
  if (/^https?:\/\//i.test(name)) return true;
  return /^([\w.-]+|\[[\da-f:]+\]):\d{1,5}$/i.test(name) && !existsSync(resolve(cwd, name));
}

async function ask(endpoint: string, flags: DoctorFlags, config: Config, session: Session): Promise<void> {
  const url = URL.parse(/^https?:/i.test(endpoint) ? endpoint : `http://${endpoint}`);
  if (url === null || url.username !== "" || url.password !== "" || url.search !== "") {
    throw new TracegateError(
      "usage",
      "The endpoint to ask is no plain URL. Give one such as http://127.0.0.1:4318, without a name, a password or a query.",
    );
  }
  const { tokenEnv } = config.receiver;
  const token = tokenEnv === undefined ? undefined : session.environment[tokenEnv];
  const answer = await askReceiver(`${url.origin}${url.pathname}`, {
    signal: session.signal,
    ...(token && { token }),
  });
  await writeLine(flags.format === "json" ? JSON.stringify(answer, null, 2) : receiverText(answer, tokenEnv));
  session.exitCode = answer.is === "tracegate" && answer.takes ? 0 : 1;
}

async function examine(
  names: readonly string[],
  flags: DoctorFlags,
  config: Config,
  session: Session,
): Promise<void> {
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
}

function sourceOf(
  names: readonly string[],
  flags: DoctorFlags,
  config: Config,
  session: Session,
  problems: string[],
): AsyncIterable<Observation> {
  if (flags.listen !== undefined) return listen(flags.listen, flags, config, session);
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
  port: number,
  { traces }: DoctorFlags,
  config: Config,
  session: Session,
): AsyncIterable<Observation> {
  const progress = startProgress();
  return listenForTraces({
    host: "127.0.0.1",
    port,
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

function wholeNumber(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1) return number;
  throw new InvalidArgumentError("Give a whole number from 1 on.");
}
