import { setTimeout as sleep } from "node:timers/promises";

import type { OwnPostgres } from "../bench/postgres.ts";
import type { OwnRedis } from "../bench/redis.ts";
import type { CountingSink } from "./counting-sink.ts";
import type { Outage } from "./in-flight.ts";
import type { ChaosEvent, ChaosSize, KillMoment } from "./plan.ts";

/** What the conductor breaks. */
export interface Breakable {
  readonly redis: OwnRedis;
  readonly postgres: OwnPostgres;
  /** Goes away and comes back. */
  readonly sink: Pick<CountingSink, "goAway" | "comeBack">;
  /** Kills a start of a worker; false when it does not run any more. */
  readonly kill: (start: string) => boolean;
}

/** Makes what is planned happen, at counted points: never at a time, so that a slow machine sees the same. */
export class Conductor {
  readonly #left: ChaosEvent[];
  readonly #size: ChaosSize;
  readonly #parts: Breakable;
  readonly #tell: (what: string) => void;
  /** Kills that wait for their moment. */
  readonly #armed: { readonly moment: KillMoment; skip: number }[] = [];
  readonly #underWay = new Set<Promise<void>>();
  /** When PostgreSQL could take no answer. */
  readonly outages: Outage[] = [];
  /** How often each thing has happened. */
  readonly happened = { kill: 0, redis: 0, postgres: 0, sink: 0 };
  #shown = 0;
  /** The first thing that could not be done. */
  fault: unknown;

  constructor(plan: readonly ChaosEvent[], size: ChaosSize, parts: Breakable, tell: (what: string) => void) {
    this.#left = [...plan];
    this.#size = size;
    this.#parts = parts;
    this.#tell = tell;
  }

  /** So many traces have been shown to a judge. */
  progressed(shown: number): void {
    this.#shown = shown;
    for (let [next] = this.#left; next && next.at <= shown; [next] = this.#left) {
      this.#left.shift();
      this.#begin(next);
    }
  }

  /** Something has just happened to a start of a worker, which may be what a kill waits for. */
  moment(moment: KillMoment, start: string): void {
    const index = this.#armed.findIndex((one) => one.moment === moment);
    const armed = this.#armed[index];
    if (armed === undefined) return;
    if (armed.skip > 0) armed.skip -= 1;
    else if (this.#parts.kill(start)) {
      this.#armed.splice(index, 1);
      this.happened.kill += 1;
      this.#say(`${start} killed, ${moment}`);
    }
  }

  /** Nothing is planned, armed or under way any more. */
  isDone(): boolean {
    return this.#left.length + this.#armed.length + this.#underWay.size === 0;
  }

  /** Waits for what is under way. */
  async settle(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  #begin(event: ChaosEvent): void {
    if (event.kind === "kill") {
      this.#armed.push({ moment: event.moment, skip: event.skip });
      return;
    }
    const work = this.#break(event)
      .then(() => {
        this.happened[event.kind] += 1;
      })
      .catch((error: unknown) => {
        this.fault ??= error;
      })
      .finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  async #break(event: Exclude<ChaosEvent, { kind: "kill" }>): Promise<void> {
    const { redis, postgres, sink } = this.#parts;
    const { serviceDownMs, sinkDownMs } = this.#size;
    switch (event.kind) {
      case "redis":
        this.#say(`Redis down, ${event.signal}`);
        await redis.stop(event.signal);
        await sleep(serviceDownMs);
        await redis.start();
        this.#say("Redis up");
        return;
      case "postgres": {
        const from = Date.now();
        this.#say(`PostgreSQL down, ${event.mode}`);
        await postgres.stop(event.mode);
        await sleep(serviceDownMs);
        await postgres.start();
        this.outages.push({ from, until: Date.now() });
        this.#say("PostgreSQL up");
        return;
      }
      case "sink":
        this.#say("sink away");
        sink.goAway();
        await sleep(sinkDownMs);
        sink.comeBack();
        this.#say("sink back");
    }
  }

  #say(what: string): void {
    this.#tell(`at ${this.#shown} traces: ${what}`);
  }
}
