import { defineScorer } from "tracegate";

/** A rule of this shop: what the agent was told about an order is about the order it asked for. */
export const rightOrder = defineScorer(
  "right-order",
  { description: "Every order that a tool returned is the one that was asked for." },
  ({ trace }) => {
    const answers = trace.toolCalls
      .filter(({ name }) => name === "get_order")
      .flatMap((call) => {
        const asked = orderIn(call.arguments);
        const told = orderIn(call.result);
        return asked && told ? [{ asked, told, spanId: call.spanId }] : [];
      });
    if (answers.length === 0) return null;
    const wrong = answers.filter(({ asked, told }) => asked !== told);
    return {
      value: wrong.length === 0 ? 1 : 0,
      explanation: wrong.map(({ asked, told }) => `Asked for ${asked}, the tool returned ${told}.`).join(" "),
      evidence: wrong.flatMap(({ spanId }) => (spanId ? [spanId] : [])),
    };
  },
);

function orderIn(value: unknown): string | undefined {
  return /"order_id":\s*"([^"]+)"/.exec(JSON.stringify(value) ?? "")?.[1];
}
