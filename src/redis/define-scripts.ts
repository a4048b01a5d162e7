import type { Result } from "ioredis";

import type { RedisClient } from "./connect.ts";
import { APPEND } from "./scripts/append.ts";
import { PURGE } from "./scripts/purge.ts";
import { COMPACT, READ, RELEASE, SEAL } from "./scripts/seal.ts";
import { DROP, RESCHEDULE, SIGNAL, TIDY } from "./scripts/watch.ts";

type Argument = string | number | Uint8Array;

declare module "ioredis" {
  interface RedisCommander<Context> {
    tracegateAppend(tag: string, ...values: Argument[]): Result<unknown, Context>;
    tracegateSeal(tag: string, ...values: Argument[]): Result<unknown, Context>;
    tracegateCompact(tag: string, ...values: Argument[]): Result<unknown, Context>;
    tracegateRelease(tag: string, ...values: Argument[]): Result<unknown, Context>;
    tracegateReadBuffer(tag: string, ...values: Argument[]): Result<unknown, Context>;
    tracegatePurge(tag: string, ...values: Argument[]): Result<unknown, Context>;
    tracegateTidy(tag: string, ...values: Argument[]): Result<unknown, Context>;
    tracegateReschedule(tag: string, ...values: Argument[]): Result<unknown, Context>;
    tracegateDrop(tag: string, ...values: Argument[]): Result<unknown, Context>;
    tracegateSignal(tag: string, ...values: Argument[]): Result<unknown, Context>;
    tracegateLane(key: string, ...values: Argument[]): Result<unknown, Context>;
  }
}

const SCRIPTS = {
  tracegateAppend: APPEND,
  tracegateSeal: SEAL,
  tracegateCompact: COMPACT,
  tracegateRelease: RELEASE,
  tracegateRead: READ,
  tracegatePurge: PURGE,
  tracegateTidy: TIDY,
  tracegateReschedule: RESCHEDULE,
  tracegateDrop: DROP,
  tracegateSignal: SIGNAL,
};

/** Gives a client the scripts of the trace buffer as commands. Each is atomic, and stays on one partition. */
export function defineScripts(redis: RedisClient): void {
  for (const [name, lua] of Object.entries(SCRIPTS)) redis.defineCommand(name, { numberOfKeys: 1, lua });
}
