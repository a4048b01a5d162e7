import type { Config } from "../config/schema.ts";
import { systemClock } from "../core/clock.ts";
import { messageOf, TracegateError } from "../core/errors.ts";
import type { Queue } from "../core/queue.ts";
import type { Store } from "../core/store.ts";
import { type Assembler, startAssembler } from "../pipeline/assemble.ts";
import { type DeliveryLoop, startDelivery } from "../pipeline/deliver.ts";
import { type Receiver, startReceiver } from "../receiver/receiver.ts";
import type { Environment } from "./equipment.ts";
import { openQueue } from "./open-queue.ts";
import { openState, type State } from "./open-state.ts";
import type { ScoredTraceResult } from "./score-traces.ts";
import { startScoring } from "./start-scoring.ts";

/** Options of {@link up}. */
export interface UpOptions {
  readonly config: Config;
  readonly cwd: string;
  readonly environment: Environment;
  /** BullMQ at this URL, or (true) at REDIS_URL or the usual address; default: at REDIS_URL if it is set. */
  readonly redis?: string | boolean;
  /** Called for every trace that has been scored and stored. Must not throw. */
  readonly onScored?: (result: ScoredTraceResult) => void;
  /** Called with a sentence for a person when something fails that is not given up. Must not throw. */
  readonly onFault?: (message: string) => void;
}

/** Receiver, assembler, worker and outbox, running in this process. */
export interface Running {
  /** Where agents send their traces and logs. */
  readonly url: string;
  /** Where those send them that speak gRPC; null when that is turned off. */
  readonly grpcUrl: string | null;
  readonly queue: "embedded" | "BullMQ";
  readonly store: Store;
  /** Spans that wait, jobs that wait, deliveries that wait. */
  waiting(): Promise<{ readonly traces: number; readonly jobs: number; readonly deliveries: number }>;
  /** Takes nothing new, finishes what is in hand within the time, closes everything. */
  stop(graceMs: number): Promise<void>;
}

/** Starts the whole of tracegate in one process: what comes in is behind what must take it. */
export async function up(options: UpOptions): Promise<Running> {
  const { config, cwd, environment, onFault = () => {} } = options;
  const parts = new Parts(onFault);
  try {
    const state = openState(config, cwd, true);
    parts.opened(() => state.close());
    const { kind, queue } = await openQueue(state, options);
    parts.opened(() => queue.close());
    const delivery = deliver(config, state, onFault);
    parts.opened(() => Promise.all(config.sinks.map((sink) => sink.close())));
    parts.opened((graceMs) => delivery.stop(graceMs));
    const { store, buffer } = state;
    const wakeDelivery = () => delivery.wake();
    const assembler = await assemble(config, state, queue, onFault);
    parts.opened(() => assembler.stop());
    const scoring = await startScoring({
      ...options,
      onFault,
      store,
      buffer,
      assembler,
      queue,
      wakeDelivery,
    });
    parts.opened((graceMs) => scoring.stop(graceMs));
    const receiver = await receive(config, environment, assembler, onFault);
    parts.opened(() => receiver.close());
    return {
      url: receiver.url,
      grpcUrl: receiver.grpcUrl,
      queue: kind,
      store: state.store,
      waiting: () => countWaiting(state, queue),
      stop: (graceMs) => parts.close(graceMs),
    };
  } catch (error) {
    await parts.close(0);
    throw error;
  }
}

/** What has been opened, to be closed in the opposite order. */
class Parts {
  readonly #closers: ((graceMs: number) => Promise<unknown>)[] = [];
  readonly #onFault: (message: string) => void;

  constructor(onFault: (message: string) => void) {
    this.#onFault = onFault;
  }

  opened(close: (graceMs: number) => Promise<unknown>): void {
    this.#closers.push(close);
  }

  /** One part that cannot be closed must not keep the others open. */
  async close(graceMs: number): Promise<void> {
    for (let close = this.#closers.pop(); close; close = this.#closers.pop()) {
      await close(graceMs).catch((error) => this.#onFault(`closing: ${messageOf(error)}`));
    }
  }
}

function deliver(config: Config, state: State, onFault: (message: string) => void): DeliveryLoop {
  return startDelivery({
    store: state.store,
    sinks: config.sinks,
    clock: systemClock,
    onEvent(event) {
      if (event.kind === "fault") onFault(`outbox: ${event.reason}`);
      if (event.kind === "failed")
        onFault(`${event.row.sink}: trace ${event.row.traceId} was not delivered: ${event.reason}`);
      if (event.kind === "retry")
        onFault(`${event.row.sink}: trace ${event.row.traceId} is sent again later: ${event.reason}`);
    },
  });
}

function assemble(
  config: Config,
  state: State,
  queue: Queue,
  onFault: (message: string) => void,
): Promise<Assembler> {
  return startAssembler({
    buffer: state.buffer,
    queue,
    policy: config.completion,
    clock: systemClock,
    onEvent(event) {
      if (event.kind === "fault")
        onFault(`assembling failed and is tried again in ${event.retryInMs} ms: ${messageOf(event.error)}`);
    },
  });
}

function receive(
  config: Config,
  environment: Environment,
  assembler: Assembler,
  onFault: (message: string) => void,
): Promise<Receiver> {
  const { host, port, paths, tokenEnv, maxBodyBytes } = config.receiver;
  // Whoever takes any free port has several of these on one machine.
  const { grpcPort = port === 0 ? 0 : 4317 } = config.receiver;
  const token = tokenEnv === undefined ? undefined : environment[tokenEnv];
  if (tokenEnv !== undefined && !token) {
    throw new TracegateError(
      "config",
      `receiver.tokenEnv names ${tokenEnv}, which is not set. Set it to the token that senders show.`,
    );
  }
  return startReceiver({
    host,
    port,
    grpcPort: grpcPort === false ? null : grpcPort,
    paths,
    ...(token && { token }),
    limits: { bodyBytes: maxBodyBytes },
    accept: (fragments, receivedAt) => assembler.accept(fragments, receivedAt),
    signal: (traceId) => assembler.signal(traceId),
    onFault: (error) => onFault(`receiving: ${messageOf(error)}`),
  });
}

async function countWaiting(state: State, queue: Queue): ReturnType<Running["waiting"]> {
  const [buffered, jobs, stored] = await Promise.all([
    state.buffer.counts(),
    queue.counts(),
    state.store.counts(),
  ]);
  return {
    traces: buffered.open,
    jobs: jobs.waiting + jobs.active + jobs.delayed,
    deliveries: stored.outbox,
  };
}
