import { afterEach, describe, expect, it } from "vitest";

import { openai } from "../../src/judges/openai.ts";
import type { Fault } from "../../src/llmwire/fault.ts";
import type { ModelReply, ModelRequest } from "../../src/llmwire/model-request.ts";
import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";

const question = { scorer: "s", version: "1", instructions: "i", content: "c", labels: ["yes", "no"] };
const answer = JSON.stringify({ rationale: "r", evidence: [], label: "yes" });
const { signal } = new AbortController();

let server: ModelServer;
afterEach(() => server.close());

/** A compatible server that knows these formats, and refuses others in these words. */
async function serving(formats: readonly string[], status: number, words: string, text = answer) {
  const reply = ({ body }: ModelRequest): ModelReply | Fault => {
    const format = formatOf(body.response_format);
    return formats.includes(format) ? { text } : { fault: "status", status, message: words };
  };
  server = await startModelServer({ reply });
  return openai({ model: "m", env: { OPENAI_API_KEY: "k" }, baseURL: server.openaiBaseUrl });
}
const formatOf = (format: unknown) =>
  typeof format === "object" && format !== null && "type" in format ? String(format.type) : "text";
const asked = () => server.requests().map(({ body }) => formatOf(body.response_format));

describe("a compatible server", () => {
  it.each([
    ["json_object", 400, "'response_format.type' must be one of 'text', 'json_object'", 2],
    ["text", 422, "response_format: Extra inputs are not permitted", 3],
    ["text", 500, "structured output is not supported by this backend", 3],
  ])(
    "that takes only %s is asked for that, and once learned at once",
    async (format, status, words, calls) => {
      const judge = await serving([format], status, words);

      expect(await judge.ask(question, signal)).toMatchObject({ label: "yes" });
      expect(server.requests()).toHaveLength(calls);
      expect(await judge.ask(question, signal)).toMatchObject({ label: "yes" });
      expect(asked().slice(calls)).toEqual([format]);
      const last = JSON.stringify(server.requests().at(-1)?.messages);
      expect(last).toContain("JSON Schema");
      expect(last).toContain("additionalProperties");
    },
  );

  it("that knows schemas is asked with one, and the prompt does not repeat it", async () => {
    const judge = await serving(["json_schema"], 400, "");

    expect(await judge.ask(question, signal)).toMatchObject({ label: "yes" });
    expect(asked()).toEqual(["json_schema"]);
    expect(JSON.stringify(server.requests()[0]?.messages)).not.toContain("additionalProperties");
  });

  it("that refuses a request for another reason is not asked in other ways", async () => {
    const judge = await serving([], 400, "max_completion_tokens is too large");

    expect(await judge.ask(question, signal)).toMatchObject({ unscored: { code: "bad-request" } });
    expect(server.requests()).toHaveLength(1);
  });

  it("that refuses every format has refused the request", async () => {
    const judge = await serving([], 400, "response_format is odd");

    expect(await judge.ask(question, signal)).toMatchObject({ unscored: { code: "bad-request" } });
    expect(asked()).toEqual(["json_schema", "json_object", "text"]);
  });

  it.each([
    ["a code block", `\`\`\`json\n${answer}\n\`\`\``],
    ["sentences around it", `Here you are: ${answer} I hope this helps.`],
    ["thoughts before it", `<think>Is it {"label": "no"}?</think>\n${answer}`],
  ])("that takes a schema and ignores it is still understood: %s", async (_what, text) => {
    const judge = await serving(["json_schema"], 400, "", text);

    expect(await judge.ask(question, signal)).toMatchObject({ label: "yes" });
  });

  it("that writes two answers has given none", async () => {
    const other = answer.replace("yes", "no");
    const judge = await serving(["json_schema"], 400, "", `${other}\n${answer}`);

    expect(await judge.ask(question, signal)).toMatchObject({ unscored: { code: "schema-broken" } });
  });
});
