import type { RecordedLlmCall, Recording, RequestFingerprint } from "../core/case.ts";
import type { JsonValue } from "../core/json.ts";
import type { TaskOutput, TrialFault } from "../core/run.ts";
import type { ToolDefinition } from "../core/trace.ts";
import { fingerprintOf } from "../datasets/request-fingerprint.ts";
import type { Fault } from "../llmwire/fault.ts";
import type { ModelCallPlace } from "../llmwire/model-endpoint.ts";
import type { ModelReply, ModelRequest } from "../llmwire/model-request.ts";
import { ModelCursor } from "./model-cursor.ts";
import { nameChanges } from "./name-changes.ts";
import { HOLD_MS, type PlantedFault, plant } from "./planted-fault.ts";
import { NO_RETRY, recordedReply } from "./recorded-reply.ts";
import { errorAnswer, type LiveTool, type ToolAnswer } from "./tool-answer.ts";
import { ToolCursor } from "./tool-cursor.ts";

/** What is real in a replay; see {@link ReplayTaskOptions.mode}. */
export type ReplayMode = "recorded" | "models-live" | "one-live";

/** What one trial is replayed from, and how. */
export interface ReplaySessionOptions {
  readonly recording: Recording;
  /** File of the recording, for messages. */
  readonly recordingPath: string;
  /** What planted faults are drawn from. */
  readonly seed: string;
  readonly mode: ReplayMode;
  /** `one-live`: the model call, from 1, that goes to the provider. */
  readonly liveCall?: number;
  readonly match: "conversation" | "order";
  readonly faults: readonly PlantedFault[];
  /** Tools that the agent answers by itself. */
  readonly ownTools: readonly string[];
  /** Tools that run for real. */
  readonly liveTools: readonly string[];
  /** Names that MCP lists; null: every recorded tool. */
  readonly mcpTools: readonly string[] | null;
  /** Asks the real provider. */
  readonly forward: (request: ModelRequest, place: ModelCallPlace) => Promise<Response>;
}

/** The recorded answers of one trial, and what the agent asked for beyond them. */
export class ReplaySession {
  readonly #options: ReplaySessionOptions;
  readonly #models: ModelCursor;
  readonly #tools: ToolCursor;
  readonly #notes = new Set<string>();
  readonly #calls = new Map<string, number>();
  readonly #planted = new Set<PlantedFault>();
  readonly #ended = new AbortController();
  #modelCalls = 0;
  #divergence: string | null = null;

  constructor(options: ReplaySessionOptions) {
    this.#options = options;
    this.#models = new ModelCursor(options.recording, options.match);
    this.#tools = new ToolCursor(options.recording);
  }

  /** Fires at the first divergence: from then on nothing the agent does can be judged. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** What a model says; the response of the provider where this call is live. */
  async askModel(request: ModelRequest, place: ModelCallPlace): Promise<ModelReply | Fault | Response> {
    if (this.#divergence !== null) return conflict(this.#divergence);
    const unasked = this.#toolRunByAgent(request);
    if (unasked !== null) return conflict(this.#diverge(unasked));
    this.#modelCalls += 1;
    const { mode, liveCall } = this.#options;
    return mode === "one-live" && this.#modelCalls === liveCall
      ? this.#askProvider(request, place)
      : this.#askRecording(request);
  }

  /** What a tool, a retriever or a memory says to its wrapper, which may be told to run it. */
  async callTool(name: string, given: JsonValue): Promise<ToolAnswer | LiveTool> {
    const isLive = this.#divergence === null && this.#options.liveTools.includes(name);
    if (!isLive) return this.callToolInItsPlace(name, given);
    this.#calls.set(name, (this.#calls.get(name) ?? 0) + 1);
    const found = this.#tools.find(name, given);
    if ("call" in found) this.#tools.use(found.call);
    return { kind: "live" };
  }

  /** The same where nothing stands behind the replay. */
  async callToolInItsPlace(name: string, given: JsonValue): Promise<ToolAnswer> {
    if (this.#divergence !== null) return { kind: "diverged", message: this.#divergence };
    const count = (this.#calls.get(name) ?? 0) + 1;
    this.#calls.set(name, count);
    const found = this.#tools.find(name, given);
    if (this.#options.liveTools.includes(name)) {
      return { kind: "diverged", message: this.#diverge(`${name} is in liveTools, but ${ONLY_WRAPPED}`) };
    }
    if ("diverged" in found) return { kind: "diverged", message: this.#diverge(found.diverged) };
    const { call } = found;
    const fault = this.#options.faults.find(
      (one) => one.tool === name && (one.call === undefined || one.call === count),
    );
    // A tool that fails can be called again, and then answers as it did.
    const fails = fault?.kind === "error" || fault?.kind === "timeout";
    if (!fails) this.#tools.use(call);
    if (fault) return this.#plant(fault, call.result ?? null, `${name} ${count}`);
    if (call.error !== null) return errorAnswer(call.error);
    if (call.result === undefined) {
      const message = `The recording does not hold what ${name} returned. Record results (content capture) in production.`;
      return { kind: "diverged", message: this.#diverge(message) };
    }
    return { kind: "result", result: call.result };
  }

  /** The tools MCP lists: as they were offered to the model, else by the calls alone. */
  toolDefinitions(): readonly ToolDefinition[] {
    const { recording, mcpTools } = this.#options;
    const known = new Map((recording.toolDefinitions ?? []).map((tool) => [tool.name, tool]));
    const names = mcpTools ?? [...new Set([...known.keys(), ...recording.toolCalls.map(({ name }) => name)])];
    return names.map((name) => known.get(name) ?? { name });
  }

  /** Ends the trial: what it says about itself, and whether it can be judged. `failed`: the agent did not run. */
  end(failed: boolean): Pick<TaskOutput, "fault" | "notes"> {
    this.#ended.abort();
    const { recording, mode, faults } = this.#options;
    const models = mode === "models-live" ? 0 : recording.llmCalls.length;
    if (this.#divergence === null && !failed && models > 0 && this.#modelCalls === 0) {
      this.#diverge(`The agent asked no model here, but ${models} call(s) are recorded. ${ASKED_ELSEWHERE}`);
    }
    if (recording.toolCalls.length > 0 && this.#calls.size === 0) {
      this.#notes.add("no recorded tool was asked for; a tool that is not wrapped runs live");
    } else {
      const failed = new Set([...this.#planted].map(({ tool }) => tool));
      for (const name of this.#tools.unused()) {
        if (!failed.has(name)) this.#notes.add(`not all recorded calls of ${name} were made`);
      }
    }
    for (const fault of faults) {
      if (!this.#planted.has(fault))
        this.#notes.add(`${fault.kind} in ${fault.tool} was to be planted, but that call was not made`);
    }
    const fault = this.#fault();
    return { ...(fault === null ? {} : { fault }), notes: [...this.#notes] };
  }

  #askRecording(request: ModelRequest): ModelReply | Fault {
    const asked = fingerprintOf(request);
    const taken = this.#models.take(asked, request.model);
    if ("diverged" in taken) return conflict(this.#diverge(taken.diverged));
    this.#noteChanges(request, asked, taken);
    const reply = recordedReply(taken.call);
    if (reply !== null) return reply;
    return conflict(this.#diverge("The recording does not hold what the model answered to this call."));
  }

  /** An answer that failed does not count, so that the client's own next try is live too. */
  async #askProvider(request: ModelRequest, place: ModelCallPlace): Promise<Response> {
    const response = await this.#options.forward(request, place).catch((error: unknown) => {
      this.#modelCalls -= 1;
      throw error;
    });
    if (!response.ok) this.#modelCalls -= 1;
    else {
      const asked = fingerprintOf(request);
      const taken = this.#models.take(asked, request.model);
      if (!("diverged" in taken)) this.#noteChanges(request, asked, taken);
    }
    return response;
  }

  #noteChanges(
    request: ModelRequest,
    asked: RequestFingerprint,
    taken: { readonly call: RecordedLlmCall; readonly note: string | null },
  ): void {
    if (taken.note !== null) this.#notes.add(taken.note);
    const changes = nameChanges(request, asked, taken.call, this.#options.recording);
    for (const change of changes) this.#notes.add(change);
  }

  #fault(): TrialFault | null {
    if (this.#divergence === null) return null;
    return { code: "replay-diverged", message: this.#divergence };
  }

  async #plant(fault: PlantedFault, recorded: JsonValue, place: string): Promise<ToolAnswer> {
    this.#planted.add(fault);
    const { answer, note } = plant(fault, recorded, `${this.#options.seed} ${place}`);
    this.#notes.add(note);
    if (fault.kind === "timeout") await held(fault.holdMs ?? HOLD_MS, this.#ended.signal);
    return answer.kind === "diverged" ? { ...answer, message: this.#diverge(answer.message) } : answer;
  }

  /** A recorded tool whose result goes to the model although nobody asked for it here: the agent ran it live. */
  #toolRunByAgent(request: ModelRequest): string | null {
    const parts = request.messages.flatMap((message) => message.parts);
    const names = new Map(parts.flatMap((part) => (part.type === "tool_call" ? [[part.id, part.name]] : [])));
    const recorded = new Set(this.#options.recording.toolCalls.map(({ name }) => name));
    for (const part of parts) {
      if (part.type !== "tool_result") continue;
      const name = names.get(part.id) ?? part.name;
      if (name === undefined || !recorded.has(name) || this.#calls.has(name)) continue;
      if (this.#options.ownTools.includes(name)) continue;
      return `The agent ran ${name} itself instead of asking the replay. Wrap the tool with replayTool, point its MCP or HTTP client here, or name it in ownTools if the agent answers it by itself.`;
    }
    return null;
  }

  #diverge(what: string): string {
    const planted = this.#planted.size > 0 && this.#options.mode !== "models-live" ? ` ${AFTER_A_FAULT}` : "";
    this.#divergence ??= `The replay diverged from ${this.#options.recordingPath}: ${what}${planted}`;
    setImmediate(() => this.#ended.abort());
    return this.#divergence;
  }
}

const ASKED_ELSEWHERE =
  "Does it read OPENAI_BASE_URL or ANTHROPIC_BASE_URL? Name its own variable in the option environment, or use mode models-live.";
const AFTER_A_FAULT =
  'After a planted fault recorded models cannot know what to say; use mode "models-live" to see how they take it.';

const ONLY_WRAPPED =
  "over MCP the replay stands in its place. Only a tool wrapped with replayTool can run live.";

function conflict(message: string): Fault {
  return { fault: "status", status: 409, message, headers: NO_RETRY };
}

function held(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
