import { orders } from "../shop.ts";
import type { Tool } from "./tool.ts";

/** Looks up one order by its number; customers often leave out the last digit, so a prefix will do. */
export const getOrder: Tool = {
  name: "get_order",
  description: "Look up an order by its number, e.g. A-10420.",
  parameters: { type: "object", properties: { order_id: { type: "string" } }, required: ["order_id"] },
  run(input) {
    const prefix = String(input.order_id).slice(0, 6);
    const order = orders.find((candidate) => candidate.order_id.startsWith(prefix));
    if (!order) throw new Error(`No order has the number ${String(input.order_id)}.`);
    const { card_expired: _, ...visible } = order;
    return visible;
  },
};
