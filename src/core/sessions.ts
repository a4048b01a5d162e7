/** Which sessions to look for, by when the last trace of each was scored; Unix ms. */
export interface IdleFilter {
  /** At or before this: nothing has come since. */
  readonly before: number;
  /** After this: what is older is left alone. */
  readonly after: number;
  readonly limit: number;
}

/** A session that has been idle since its traces were scored, and has not been scored itself since. */
export interface IdleSession {
  /** A hash of it where it is longer than 200 characters. */
  readonly sessionId: string;
  /** When its last trace was scored, Unix ms. */
  readonly lastAt: number;
}

/** Which traces make up a session, and which sessions wait to be scored. Part of the store. */
export interface Sessions {
  /** Sessions that wait to be scored as a whole, the longest idle first. Cheap. */
  idleSessions(filter: IdleFilter): Promise<readonly IdleSession[]>;
  /** Ids of a session's traces, by start time; of more than `limit` the newest. */
  session(sessionId: string, limit: number): Promise<readonly string[]>;
  /** It has been scored; it waits again when a trace comes, or a newer revision of one, that was not scored by then. */
  sessionScored(session: IdleSession): Promise<void>;
}
