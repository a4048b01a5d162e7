import type { CallFailure } from "./no-answer.ts";
import { CHAT_FORMATS, type ChatFormat } from "./openai-chat.ts";

/**
 * Finds out once what a compatible server takes: each call begins with the strictest format that has not been refused.
 * A refused request is answered before the model is asked, so finding out costs nothing.
 */
export class LearnedFormat {
  #best = 0;

  /** The best that is known now, for requests that nobody waits for. */
  get best(): ChatFormat {
    return CHAT_FORMATS[this.#best] ?? "text";
  }

  /**
   * Calls with the best known format, and with the next one where the server refuses that.
   *
   * @param failureOf tells an SDK's exceptions apart.
   */
  async use<Reply>(
    call: (format: ChatFormat) => Promise<Reply>,
    failureOf: (error: unknown) => CallFailure | undefined,
  ): Promise<Reply> {
    for (let tried = this.#best; ; tried += 1) {
      try {
        const reply = await call(CHAT_FORMATS[tried] ?? "text");
        this.#best = Math.max(this.#best, tried);
        return reply;
      } catch (error) {
        if (tried + 1 >= CHAT_FORMATS.length || !refusesFormat(failureOf(error))) throw error;
      }
    }
  }
}

/** Statuses with which servers say that they do not know a field or its value. */
const UNKNOWN_FIELD = [400, 404, 415, 422, 500, 501];

function refusesFormat(failure: CallFailure | undefined): boolean {
  return (
    failure?.kind === "status" &&
    UNKNOWN_FIELD.includes(failure.status) &&
    /response_format|json_schema|json_object|structured|guided|grammar/iu.test(failure.message)
  );
}
