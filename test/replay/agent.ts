// An agent under test in TypeScript: one question, tools as the model asks for them, the last text as its answer.
import OpenAI from "openai";

import type { Case } from "../../src/core/case.ts";
import type { TrialSetting } from "../../src/core/run.ts";
import { replayTool } from "../../src/testing/replay-tool.ts";
import { GET_ORDER, QUESTION, SYSTEM } from "./recordings.ts";

const getOrder = replayTool("get_order", (_: { order_id: string }): unknown => {
  throw new Error("the live tool was run");
});

export async function answer(_: Case, setting: TrialSetting): Promise<string> {
  const client = new OpenAI();
  const messages: OpenAI.ChatCompletionMessageParam[] = [
    { role: "system", content: SYSTEM },
    { role: "user", content: QUESTION },
  ];
  for (;;) {
    const completion = await client.chat.completions.create({
      model: "gpt-4o-mini",
      messages,
      tools: [{ type: "function", function: GET_ORDER }],
    });
    const message = completion.choices[0]?.message;
    if (!message?.tool_calls) return `${message?.content} (${setting.replay?.now})`;
    messages.push(message);
    for (const call of message.tool_calls) {
      if (call.type !== "function") continue;
      const content = await getOrder(JSON.parse(call.function.arguments)).then(
        (order) => JSON.stringify(order),
        (error: Error) => JSON.stringify({ error: `${error.name}: ${error.message}` }),
      );
      messages.push({ role: "tool", tool_call_id: call.id, content });
    }
  }
}

/** Tells what it finds in its environment. */
export async function environment(_: Case, setting: TrialSetting): Promise<string> {
  const names = ["OPENAI_BASE_URL", "OPENAI_API_KEY", "MY_MODELS", "MY_TOOLS", "TRACEGATE_REPLAY_NOW"];
  const url = setting.replay?.url ?? "";
  return JSON.stringify(names.map((name) => process.env[name]?.replace(url, "<url>") ?? null));
}
