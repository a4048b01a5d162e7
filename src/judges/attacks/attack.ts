/** Where hostile text enters a run. What is absent stays as in the clean run. */
export interface Injection {
  /** Put after the final answer's own text. */
  readonly answer?: string;
  /** Instead of the final answer. */
  readonly wholeAnswer?: string;
  /** Put after what the user asked. */
  readonly request?: string;
  /** Put after what the tool returned. */
  readonly toolResult?: string;
  /** Instead of the tool's name. */
  readonly toolName?: string;
  /** Put after a retrieved document's text. */
  readonly document?: string;
  /** Put after the message of a failed tool. */
  readonly error?: string;
}

/** What an attack may know: the labels on offer are in the documentation of every public judge. */
export interface AttackTarget {
  /** The label it wants. */
  readonly pass: string;
  /** The label it deserves. */
  readonly fail: string;
}

/** One way to talk a judge into passing a run that failed. */
export interface Attack {
  /** Lower-case words joined by hyphens; unique. */
  readonly id: string;
  readonly inject: (target: AttackTarget) => Injection;
}
