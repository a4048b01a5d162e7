import type { RecordedCall, Recording } from "../core/case.ts";
import { type JsonValue, stableJson } from "../core/json.ts";
import { jsonOrText, withoutPersons } from "../datasets/request-fingerprint.ts";

/** A recorded call that answers what was asked, or why none does. */
export type FoundCall = { readonly call: RecordedCall } | { readonly diverged: string };

/**
 * The recorded calls of tools, retrievers and memory, each answered once. A call is answered by the first free
 * one of its name with equal arguments, so calls made side by side may come in any order; one whose arguments
 * nobody recorded answers any.
 */
export class ToolCursor {
  readonly #recording: Recording;
  readonly #free: RecordedCall[];

  constructor(recording: Recording) {
    this.#recording = recording;
    this.#free = [...recording.toolCalls];
  }

  /** The names of free calls. */
  unused(): readonly string[] {
    return [...new Set(this.#free.map(({ name }) => name))];
  }

  /** Looks, and leaves it free. */
  find(name: string, given: JsonValue): FoundCall {
    const asked = canonical(given);
    const call = this.#free.find(
      (one) => one.name === name && (one.arguments === undefined || canonical(one.arguments) === asked),
    );
    return call ? { call } : { diverged: this.#divergence(name, given) };
  }

  use(call: RecordedCall): void {
    this.#free.splice(this.#free.indexOf(call), 1);
  }

  #divergence(name: string, given: JsonValue): string {
    const what = `${name} was called with ${short(given)}.`;
    const recorded = this.#recording.toolCalls.filter((call) => call.name === name);
    const free = this.#free.filter((call) => call.name === name);
    if (recorded.length === 0) {
      const names = [...new Set(this.#recording.toolCalls.map((call) => call.name))].join(", ") || "no tool";
      return `${what} Expected: ${names}; the recording holds no call of ${name}.`;
    }
    if (free.length > 0) {
      const expected = free.map((call) => short(call.arguments ?? null));
      return `${what} Expected: ${[...new Set(expected)].slice(0, 5).join(", or ")}.`;
    }
    const cut = this.#recording.truncated ? " It was cut at its size limit." : "";
    const all = recorded.map((call) => short(call.arguments ?? null)).slice(0, 5);
    return `${what} Expected: no further call, for the recording holds ${recorded.length} of ${name} (${all.join(", ")}) and all are used.${cut}`;
  }
}

function canonical(value: JsonValue): string {
  return stableJson(withoutPersons(jsonOrText(value)));
}

function short(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length <= 200 ? text : `${text.slice(0, 199)}…`;
}
