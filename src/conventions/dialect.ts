import type { Span } from "../core/span.ts";
import type { ReadingScope } from "./reading-scope.ts";
import type { SpanFields } from "./span-fields.ts";

/** One convention for writing agent runs into spans. */
export interface Dialect {
  /** As shown in `quality.dialects`. */
  readonly name: string;
  /**
   * How the attribute names begin that show its spans. It is asked only for spans that carry such a name, and
   * for those it owns. Absent: asked for every span.
   */
  readonly prefixes?: readonly string[];
  /** The span in canonical fields; undefined when it carries nothing of this dialect. */
  read(span: Span, scope: ReadingScope): SpanFields | undefined;
  /**
   * True for spans of this vendor's own instrumentation: there its fields beat those of all others. With
   * `prefixes` it may look only at the name of the scope and at which attributes there are.
   */
  readonly owns?: (span: Span) => boolean;
  /** Its span types are said outright, so they beat types that other dialects infer from operations. */
  readonly saysTypes?: boolean;
}
