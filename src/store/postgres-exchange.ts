import type { ClientBase, Connection, FieldDef, Submittable } from "pg";

import type { Value } from "./statement.ts";

/** A statement on its way to PostgreSQL. */
export interface SentStatement {
  readonly text: string;
  readonly values: readonly Value[];
  /** Whether somebody reads its rows; the others are left where they are. */
  readonly isRead: boolean;
}

type Row = Readonly<Record<string, unknown>>;

interface WrittenStatement extends Omit<SentStatement, "values"> {
  readonly values: (string | Buffer | null)[];
}

/**
 * Runs statements in one round trip and gives the rows of the last one that is read. They are sent with one end (`Sync`, see
 * PostgreSQL's manual, "Extended Query"): after a statement that fails the server skips all that follow, a `commit` too.
 *
 * `pg` itself waits for the end of each statement before it sends the next.
 */
export function exchange(client: ClientBase, statements: readonly SentStatement[]): Promise<readonly Row[]> {
  // Before anything is written: a fault between two messages would leave the connection in the middle of nothing.
  const written = statements.map(({ values, ...statement }) => ({
    ...statement,
    values: values.map(onTheWire),
  }));
  return new Promise((resolve, reject) => {
    client.query(
      new Exchange(written, client, (error, rows) => {
        if (error === null) resolve(rows ?? []);
        else reject(error);
      }),
    );
  });
}

/** What `pg` calls as messages come in; the same names as in its own `Query`, and in pg-cursor. */
class Exchange implements Submittable {
  /** Also set by `pg`, to stop its clock. */
  callback: (error: unknown, rows?: readonly Row[]) => void;
  readonly #statements: readonly WrittenStatement[];
  readonly #client: Pick<ClientBase, "getTypeParser">;
  /** Which statement is answered now. */
  #at = 0;
  #columns: readonly { readonly name: string; readonly parse: (text: string) => unknown }[] = [];
  #rows: Row[] = [];
  #unreadable: unknown = null;

  constructor(
    statements: readonly WrittenStatement[],
    client: Pick<ClientBase, "getTypeParser">,
    callback: (error: unknown, rows?: readonly Row[]) => void,
  ) {
    this.#statements = statements;
    this.#client = client;
    this.callback = callback;
  }

  submit(connection: Connection): void {
    connection.stream.cork();
    try {
      for (const { text, values, isRead } of this.#statements) {
        connection.parse({ name: "", text, types: [] }, true);
        connection.bind({ values }, true);
        if (isRead) connection.describe({ type: "P" }, true);
        connection.execute(null, true);
      }
      connection.sync();
    } finally {
      connection.stream.uncork();
    }
  }

  /** Only of statements that are read. */
  handleRowDescription({ fields }: { readonly fields: readonly FieldDef[] }): void {
    this.#rows = [];
    this.#columns = fields.map(({ name, dataTypeID }) => ({
      name,
      parse: this.#client.getTypeParser(dataTypeID, "text"),
    }));
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    if (this.#statements[this.#at]?.isRead !== true) return;
    try {
      const row = this.#columns.map(({ name, parse }, index) => {
        const text = fields[index] ?? null;
        return [name, text === null ? null : parse(text)] as const;
      });
      this.#rows.push(Object.fromEntries(row));
    } catch (error) {
      // Thrown here it would end the process.
      this.#unreadable ??= error;
    }
  }

  handleCommandComplete(): void {
    this.#at += 1;
  }

  handleError(error: unknown): void {
    this.callback(error);
  }

  handleReadyForQuery(): void {
    this.callback(this.#unreadable, this.#rows);
  }
}

function onTheWire(value: Value): string | Buffer | null {
  if (value === null || typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
