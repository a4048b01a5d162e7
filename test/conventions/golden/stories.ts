import type { StoryFields } from "./field.ts";
import type { Leaf } from "./leaves.ts";
import { answer, firstCall, streamed, toolLoop } from "./tool-loop.ts";

const ANSWER = "Order A-1001 has shipped and should arrive on 2026-11-24.";

const holds =
  (text: string) =>
  ({ value }: Leaf): boolean =>
    typeof value === "string" && value.includes(text);

const never = () => false;

/** The provider refuses the request with a 400. */
const refused: StoryFields = {
  "errors.message": {
    read: ({ errors }) => errors.some(({ message = "" }) => message.includes("Invalid model")),
    expected: () => true,
    shows: holds("Invalid model"),
  },
  "llmCalls.error": {
    read: ({ llmCalls }) => llmCalls.map(({ error }) => error !== null),
    expected: () => [true],
    shows: ({ path, value }) => value === "fail-400" && /model/i.test(path),
  },
  "llmCalls.requestModel": {
    read: ({ llmCalls }) => llmCalls.map((call) => call.requestModel),
    expected: () => ["fail-400"],
    shows: ({ path, value }) => value === "fail-400" && /model/i.test(path),
  },
  "errors.count": { read: ({ errors }) => errors.length, expected: () => 1, shows: never },
  output: { read: ({ output = "" }) => output, expected: () => "", shows: never },
  "usage.outputTokens": { read: ({ usage }) => usage.outputTokens ?? 0, expected: () => 0, shows: never },
};

/** The provider refuses for its rate limit, and the client tries again by itself. */
const retried: StoryFields = {
  retries: {
    read: ({ retries }) => retries,
    expected: () => 1,
    shows: ({ path, value }) =>
      (/resend|retr(y|ies)/i.test(path) && !/max_?retries/i.test(path) && Number(value) > 0) ||
      value === 429 ||
      (typeof value === "string" && /rate limit|\b429\b/i.test(value)),
  },
  output: { read: ({ output }) => output, expected: () => ANSWER, shows: holds(ANSWER) },
  "usage.outputTokens": {
    read: ({ usage }) => usage.outputTokens,
    expected: () => 24,
    shows: ({ path, value }) => /token|usage/i.test(path) && Number(value) === 24,
  },
};

/** A text is embedded; its tokens are none of the agent's. */
const embedding: StoryFields = {
  span: {
    read: ({ spans }) => spans.some(({ type }) => type === "embedding"),
    expected: () => true,
    shows: ({ path, value }) =>
      /model/i.test(path) && value === "text-embedding-3-small" && !/entity/.test(path),
  },
  "llmCalls.count": { read: ({ llmCalls }) => llmCalls.length, expected: () => 0, shows: never },
  usage: { read: ({ usage }) => usage, expected: () => ({}), shows: never },
};

/** Documents are looked up. */
const retrieval: StoryFields = {
  "retrievals.query": {
    read: ({ retrievals }) => retrievals.map(({ query }) => query),
    expected: () => ["refund policy"],
    shows: holds("refund policy"),
  },
  "retrievals.documents": {
    read: ({ retrievals }) => retrievals.map(({ documents }) => documents?.map(({ content }) => content)),
    expected: () => [["Refunds take 5 days"]],
    shows: holds("Refunds take 5 days"),
  },
};

/** The tool throws, the model is told so and answers all the same. */
const toolError: StoryFields = {
  "toolCalls.error": {
    read: ({ toolCalls }) => toolCalls.map(({ error }) => error?.message?.includes("db down") ?? false),
    expected: () => [true],
    shows: holds("db down"),
  },
  "llmCalls.error": {
    read: ({ llmCalls }) => llmCalls.map(({ error }) => error),
    expected: () => [null, null],
    shows: never,
  },
  "errors.count": { read: ({ errors }) => errors.length, expected: () => 1, shows: never },
  output: { read: ({ output }) => output, expected: () => ANSWER, shows: holds(ANSWER) },
};

/** All stories by the names that gap lists use. */
export const stories: { readonly [story: string]: StoryFields } = {
  "tool-loop": toolLoop,
  stream: streamed,
  "first-call": firstCall,
  answer,
  refused,
  retried,
  embedding,
  retrieval,
  "tool-error": toolError,
};
