import type { Case } from "../core/case.ts";
import { messageOf, TracegateError } from "../core/errors.ts";
import { textOf } from "../core/message.ts";
import type { Task, TaskOutput, TrialFault, TrialSetting } from "../core/run.ts";
import { fillHeaders, type HeaderValue } from "./header-values.ts";
import { type HttpAnswer, readHttpAnswer, usualAnswer } from "./http-answer.ts";
import { faultOfPost } from "./http-fault.ts";
import { type PostEnd, type PostResponse, postJson } from "./post-json.ts";
import { Service, type ServiceOptions } from "./service.ts";

/** Options of {@link httpTask}. */
export interface HttpTaskOptions {
  /**
   * Where each case is posted, http or https; `{ env }` names a variable that holds it, e.g. of a preview deployment. With `start`, port 0
   * takes a free port, which the service is told in `PORT`.
   */
  readonly url: string | { readonly env: string };
  /** Further headers. Secrets only as `{ env: "SHOP_TOKEN", prefix: "Bearer " }`. */
  readonly headers?: { readonly [name: string]: HeaderValue };
  /**
   * What is posted, as a value that JSON can hold. Default `{ messages: [{ role, content }], caseId }`, the text of each message of the
   * case's input.
   */
  readonly body?: (input: Case) => unknown;
  /** The agent's answer in the response; undefined when its spans carry it. Default: {@link usualAnswer}. */
  readonly answer?: (response: HttpAnswer) => string | undefined;
  /** How long one trial may take, ms. Default 120,000. */
  readonly timeoutMs?: number;
  /** Starts the service before the first case and stops it after the last. Absent: it runs already. */
  readonly start?: ServiceOptions;
  /**
   * How long a trial's spans may be under way after the response, ms. Default 6,000, one more than the batch delay of OpenTelemetry's SDKs;
   * with `start` that delay is 200 ms, and the default is `gate.quietMs`.
   */
  readonly quietMs?: number;
  /** How long to wait for more, log records above all, once a trace looks whole, ms. Default 1,000; with `start` 400. */
  readonly settleMs?: number;
}

/**
 * An agent as a service, in any language: one POST per trial, with `traceparent`, `baggage` and `x-tracegate-endpoint`
 * headers. The service continues the trace of the first and sends its spans as always; they are joined to their trial by
 * trace id, also when they come after the response. `gate.port` is the port that a service which runs already sends them to.
 *
 * A broken connection, a time-out, and 502, 503 or 504 without a body are faults of the infrastructure; any other 5xx, or a service that tracegate
 * has started and that ends or closes the connection under a request, is a crash. These are tried once more. Any other status but 2xx is a fault that says what the service answered.
 *
 * @throws TracegateError `config` when the options do not fit together.
 *
 * @example
 * httpTask({ url: "http://127.0.0.1:8080/answer", start: { command: ["python3", "serve.py"], health: "/healthz" } })
 */
export function httpTask(options: HttpTaskOptions): Task {
  const { url: given, timeoutMs = 120_000, start, body = usualBody, answer = usualAnswer } = options;
  const known = typeof given === "string" ? parseUrl(given, start !== undefined) : null;
  check(options);
  const service = start && known ? new Service(known, start) : null;
  const description = `POST ${known ? known.origin + known.pathname : `$${envOf(given)}`}`;
  const post = async (input: Case, setting: TrialSetting, url: URL): Promise<TaskOutput> => {
    const filled = fillHeaders(options.headers ?? {}, process.env);
    if (typeof filled === "string") return { fault: notTried(`${description}: ${filled}`) };
    const { headers, mask } = filled;
    const end = await postJson({
      url,
      headers: { ...trialHeaders(input, setting), ...headers },
      body: JSON.stringify(body(input)) ?? "null",
      timeoutMs,
      signal: setting.signal,
    });
    const fault =
      (service && (await crashOf(service, end, description))) ?? faultOfPost(end, description, timeoutMs);
    if (fault) return { fault: { ...fault, message: mask(fault.message) } };
    if (end.how !== "answered") return {};
    const said = readAnswer(end.response, answer, description);
    return said.answer === undefined ? said : { answer: mask(said.answer) };
  };
  return {
    kind: "http",
    description,
    // Without the host: a preview deployment of each change has one of its own.
    identity: `http POST ${known?.pathname ?? envOf(given)}`,
    ...arrivalOf(options),
    external: service === null,
    async run(input, setting): Promise<TaskOutput> {
      if (setting.signal.aborted) {
        return { fault: { code: "aborted", message: `${description}: stopped before it was asked.` } };
      }
      const state = service
        ? await service.ready(setting.sharedEndpoint ?? setting.endpoint, setting.trial)
        : placeOf(known, given);
      if ("problem" in state) return { fault: notTried(`${description}: ${state.problem}`) };
      const begin = performance.now();
      const output = await post(input, setting, state.url);
      // Without the start of the service, which is no part of what timeoutMs allows.
      return service ? { ...output, tookMs: performance.now() - begin } : output;
    },
    ...(service && { renew: () => service.renew() }),
    close: async () => service?.close(),
  };
}

/** A service that took the request and ended, or closed the connection and lives on, as many do of which a handler throws; else null. */
async function crashOf(service: Service, end: PostEnd, description: string): Promise<TrialFault | null> {
  if (end.how !== "failed") return null;
  const words = await service.lastWords();
  if (words !== null) return { code: "agent-crashed", message: `${description}: ${words}` };
  if (!end.connected) return null;
  const message = `${description}: the service took the request and gave no whole answer (${end.message}).${service.printed()}`;
  return { code: "agent-crashed", message };
}

function readAnswer(
  response: PostResponse,
  answer: NonNullable<HttpTaskOptions["answer"]>,
  description: string,
): TaskOutput {
  try {
    const text = answer(readHttpAnswer(response));
    return text === undefined ? {} : { answer: text };
  } catch (error) {
    return { fault: notTried(`${description}: the answer option of httpTask threw: ${messageOf(error)}`) };
  }
}

function notTried(message: string): TrialFault {
  return { code: "agent-failed-to-start", message };
}

/** How long to wait for spans: those of a service that tracegate starts come soon. */
function arrivalOf({ start, quietMs, settleMs }: HttpTaskOptions): Pick<Task, "arrival"> {
  const usual = start ? { quietMs: 0, settleMs: 400 } : { quietMs: 6_000, settleMs: 1_000 };
  return { arrival: { quietMs: quietMs ?? usual.quietMs, settleMs: settleMs ?? usual.settleMs } };
}

function usualBody({ id, input }: Case) {
  return {
    messages: input.messages.map((message) => ({ role: message.role, content: textOf(message) })),
    caseId: id,
  };
}

/** W3C Trace Context and Baggage, and the trial's own endpoint for agents that make an exporter per request. */
function trialHeaders({ id }: Case, { traceparent, trial, endpoint }: TrialSetting) {
  return {
    traceparent,
    baggage: `tracegate.case.id=${encodeURIComponent(id)},tracegate.trial=${trial}`,
    "x-tracegate-endpoint": endpoint,
  };
}

function envOf(url: HttpTaskOptions["url"]): string {
  return typeof url === "string" ? url : url.env;
}

/** Where a service that runs already is asked. */
function placeOf(known: URL | null, given: HttpTaskOptions["url"]) {
  if (known) return { url: known };
  const name = envOf(given);
  const value = process.env[name]?.trim();
  if (!value)
    return { problem: `the environment variable ${name} is not set. It holds the URL of the service.` };
  try {
    return { url: parseUrl(value, false) };
  } catch (error) {
    return { problem: `the environment variable ${name}: ${messageOf(error)}` };
  }
}

function parseUrl(text: string, free: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const fits = url && /^https?:$/.test(url.protocol) && (free || url.port !== "0");
  if (url && fits && url.username === "" && url.password === "") return url;
  const why =
    url?.username || url?.password
      ? "it holds credentials; give them as headers: { authorization: { env: NAME } }"
      : "write http://host:port/path or https://...; port 0 only with start";
  throw new TracegateError("config", `httpTask: url is not usable: ${why}.`);
}

function check({ url, start }: HttpTaskOptions): void {
  if (!start) return;
  if (typeof url !== "string") {
    throw new TracegateError("config", "httpTask: with start, url is a text. Port 0 takes a free port.");
  }
  if (start.command.length === 0) {
    throw new TracegateError("config", "httpTask: start.command is empty. Write the service's command line.");
  }
}
