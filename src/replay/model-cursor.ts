import type { RecordedLlmCall, Recording, RequestFingerprint } from "../core/case.ts";

/** A recorded model call that answers a request, or why none does. */
export type TakenModelCall =
  | { readonly call: RecordedLlmCall; readonly note: string | null }
  | { readonly diverged: string };

/**
 * The recorded model calls, each answered once. A request is answered by the first free one that was asked the
 * same: as many turns in, with the same news since the model's last turn (tool results, words of the user). So
 * calls made side by side may come in any order.
 *
 * How a conversation begins is the agent's to change (its prompt, its template): a first turn is matched by
 * order, and the change is noted. Later turns hold what tools answered: with other news the recorded answer
 * would be an answer to another question, so that is a divergence.
 */
export class ModelCursor {
  readonly #free: RecordedLlmCall[];
  readonly #recording: Recording;
  readonly #match: "conversation" | "order";

  constructor(recording: Recording, match: "conversation" | "order") {
    this.#recording = recording;
    this.#free = [...recording.llmCalls];
    this.#match = match;
  }

  take(asked: RequestFingerprint, model: string): TakenModelCall {
    const found = this.#match === "order" ? this.#inOrder() : this.#find(asked, model);
    if (found === null) return { diverged: this.#divergence(asked, model) };
    this.#free.splice(this.#free.indexOf(found.call), 1);
    return found;
  }

  #inOrder() {
    const [call] = this.#free;
    return call ? { call, note: null } : null;
  }

  #find(asked: RequestFingerprint, model: string) {
    const sameNews = this.#free.filter(({ request }) => request?.news === asked.news);
    const same = sameNews.filter(({ request }) => request?.turns === asked.turns);
    const exact = same.find((call) => isModel(call, model)) ?? same[0];
    if (exact) return { call: exact, note: null };
    const first = this.#free.find(({ request }) => request?.turns === 0);
    if (asked.turns === 0 && first) {
      return { call: first, note: "the first message to the model changed since the recording" };
    }
    const [shorter] = asked.turns === 0 ? [] : sameNews.filter(({ request }) => request?.turns !== 0);
    if (shorter) return { call: shorter, note: "the history sent to the model changed since the recording" };
    const [next] = this.#free;
    if (next && next.request?.news === undefined) {
      const note = "the recording does not hold what the model was asked, so its calls are matched by order";
      return { call: next, note };
    }
    return null;
  }

  #divergence(asked: RequestFingerprint, model: string): string {
    const total = this.#recording.llmCalls.length;
    const what = `A model (${model}) was asked with ${turns(asked)} and then "${asked.preview ?? ""}".`;
    const expected = this.#free.map(
      ({ request, model: then }) =>
        `${then ?? "a model"} with ${turns(request)} and then "${request?.preview ?? "(not recorded)"}"`,
    );
    if (expected.length > 0) return `${what} Expected: ${expected.slice(0, 3).join("; or ")}.`;
    const cut = this.#recording.truncated ? " It was cut at its size limit." : "";
    return `${what} Expected: no further call, for the recording holds ${total} model call(s) and all are used.${cut}`;
  }
}

/** Whether a call went to this model; the one that answers often has a date at its name. */
export function isModel({ requestModel, model }: RecordedLlmCall, asked: string): boolean {
  const then = requestModel ?? model;
  return then === asked || (requestModel === undefined && (then ?? "").startsWith(asked));
}

function turns(request: RequestFingerprint | undefined): string {
  const count = request?.turns;
  return count === undefined ? "an unknown history" : `${count} earlier turn(s)`;
}
