// An agent under test that sends a span of its one call of a model, and what changes make of it.
import type { Case } from "../../src/core/case.ts";
import type { TrialSetting } from "../../src/core/run.ts";

/** Begins its conversation; `QUESTION` ends it. Here and not in a file that loads more: each trial is a process of its own. */
export const SYSTEM = "You are the support agent of a shop.";
export const QUESTION = "Where is order A-1?";

export async function answer(_: Case, { endpoint, traceparent }: TrialSetting): Promise<string> {
  const headers = { "content-type": "application/json", authorization: "Bearer none" };
  const messages = [
    { role: "system", content: SYSTEM },
    { role: "user", content: QUESTION },
  ];
  const asked = await fetch(`${process.env.OPENAI_BASE_URL}/chat/completions`, {
    method: "POST",
    headers,
    body: JSON.stringify({ model: "gpt-4o-mini", messages }),
  });
  const { id, choices } = (await asked.json()) as { id: string; choices: { message: { content: string } }[] };
  const said = choices[0]?.message.content ?? "";
  const attributes = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o-mini",
    "gen_ai.response.id": id,
  };
  const [, traceId = ""] = traceparent.split("-");
  const now = String(BigInt(Date.now()) * 1_000_000n);
  const span = {
    traceId,
    spanId: traceId.slice(16),
    name: "chat",
    kind: 3,
    startTimeUnixNano: now,
    endTimeUnixNano: now,
    attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
  };
  await fetch(`${endpoint}/v1/traces`, {
    method: "POST",
    headers,
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  });
  return said;
}

export async function throwsOnOne(one: Case, setting: TrialSetting): Promise<string> {
  if (one.id === "case-3") throw new Error("planted");
  return answer(one, setting);
}

export async function throwsOnAll(): Promise<string> {
  throw new Error("planted");
}
