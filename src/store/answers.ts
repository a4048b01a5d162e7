import type { Answer } from "../core/judge.ts";
import { textOrNullIn } from "./columns.ts";
import type { StateDatabase } from "./state-database.ts";

/** The `answer` table: what judges answered, and the calls that were begun. A row without a body is an intent. */
export class Answers {
  readonly #get;
  readonly #intend;
  readonly #settle;
  readonly #takeBack;

  constructor(database: StateDatabase) {
    this.#get = database.prepare("select body from answer where key = ?");
    this.#intend = database.prepare(
      "insert into answer (key, body, at) values (?, null, ?) on conflict (key) do nothing",
    );
    this.#settle = database.prepare(
      "insert into answer (key, body, at) values (?, ?, 0) on conflict (key) do update set body = excluded.body",
    );
    this.#takeBack = database.prepare("delete from answer where key = ? and body is null");
  }

  get(key: string): Answer | "in-doubt" | null {
    const row = this.#get.get(key);
    if (row === undefined) return null;
    const body = textOrNullIn(row, "body");
    if (body === null) return "in-doubt";
    const answer: Answer = JSON.parse(body);
    return answer;
  }

  intend(key: string, at: number): void {
    this.#intend.run(key, Math.floor(at));
  }

  settle(key: string, answer: Answer | null): void {
    if (answer === null) this.#takeBack.run(key);
    else this.#settle.run(key, JSON.stringify(answer));
  }
}
