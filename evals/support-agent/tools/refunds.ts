import { orders } from "../shop.ts";
import type { Tool } from "./tool.ts";

/** Pays an order back. The payment provider declines expired cards. */
export const createRefund: Tool = {
  name: "create_refund",
  description: "Refund an order in full.",
  parameters: { type: "object", properties: { order_id: { type: "string" } }, required: ["order_id"] },
  run(input) {
    const order = orders.find((candidate) => candidate.order_id === input.order_id);
    if (!order) throw new Error(`No order has the number ${String(input.order_id)}.`);
    if (order.card_expired) throw new Error("Payment provider declined the refund: card expired.");
    return { refunded: order.total, currency: "EUR", reference: `R-${order.order_id.slice(2)}` };
  },
};
