import type { Trace } from "../../../src/core/trace.ts";
import type { Leaf } from "./leaves.ts";

/** Whose tokens, ids and texts a client tells the story with. */
export type Shape = "openai" | "anthropic";

/** One canonical value of a story. */
export interface Field {
  readonly read: (trace: Trace) => unknown;
  /** What every client must give. */
  readonly expected: (shape: Shape) => unknown;
  /** True for a recorded value that shows the field after all. */
  readonly shows: (leaf: Leaf, shape: Shape) => boolean;
  /** Looked at only where a recording names a value for it. */
  readonly optional?: true;
}

/** The fields of a story, by name. */
export type StoryFields = { readonly [name: string]: Field };
