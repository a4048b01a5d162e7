/** The story that every agent tells. Copied beside each agent, because agents import it from their own installation. */
export const system = "You are a support agent.";
export const question = "What is the status of order A-1001?";
export const model = "gpt-4o-mini";
export const claude = "claude-sonnet-4-5";

export const parameters = {
  type: "object",
  properties: { order_id: { type: "string" } },
  required: ["order_id"],
};
export const description = "Look up an order";

export function getOrderStatus({ order_id }) {
  if (order_id !== "A-1001") throw new Error(`no order ${order_id}`);
  return { status: "shipped", eta: "2026-11-24" };
}

export const who = { user: "u-1", session: "s-1", organisation: "o-1" };

/** The tool loop on an OpenAI client: Chat Completions until no tool is asked for. `runTool` lets a caller trace the tool. */
export async function openaiLoop(
  openai,
  runTool = getOrderStatus,
  create = (body) => openai.chat.completions.create(body),
) {
  const tools = [{ type: "function", function: { name: "get_order_status", description, parameters } }];
  const messages = [
    { role: "system", content: system },
    { role: "user", content: question },
  ];
  for (;;) {
    const completion = await create({ model, temperature: 0.2, tools, messages: [...messages] });
    const [{ message }] = completion.choices;
    if (!message.tool_calls?.length) return message.content;
    messages.push(message);
    for (const call of message.tool_calls) {
      const result = await runTool(JSON.parse(call.function.arguments));
      messages.push({ role: "tool", tool_call_id: call.id, content: JSON.stringify(result) });
    }
  }
}

/** The same loop on an Anthropic client: Messages until no tool is asked for. */
export async function anthropicLoop(anthropic, runTool = getOrderStatus) {
  const tools = [{ name: "get_order_status", description, input_schema: parameters }];
  const messages = [{ role: "user", content: question }];
  for (;;) {
    const message = await anthropic.messages.create({
      model: claude,
      max_tokens: 300,
      temperature: 0.2,
      system,
      tools,
      messages: [...messages],
    });
    const calls = message.content.filter((block) => block.type === "tool_use");
    if (calls.length === 0) return message.content.map((block) => block.text).join("");
    messages.push({ role: "assistant", content: message.content });
    const results = [];
    for (const call of calls) {
      const result = await runTool(call.input);
      results.push({ type: "tool_result", tool_use_id: call.id, content: JSON.stringify(result) });
    }
    messages.push({ role: "user", content: results });
  }
}
