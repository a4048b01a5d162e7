/**
 * The JSON object in what a model wrote that no schema held: after its thoughts (`<think>…</think>`), inside a code block, between
 * sentences. The whole text where there is none. It only narrows the text; whether it is an answer is decided by the schema.
 */
export function jsonIn(text: string): string {
  const said = text.replace(/^\s*<think>[\s\S]*?<\/think>/u, "");
  const first = said.indexOf("{");
  const last = said.lastIndexOf("}");
  return first === -1 || last < first ? said : said.slice(first, last + 1);
}
