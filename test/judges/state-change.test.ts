import { describe, expect, it } from "vitest";

import { changesState } from "../../src/judges/state-change.ts";

describe("whether a tool changes something, by its name", () => {
  it.each([
    "cancel_order",
    "updateShippingAddress",
    "customer.delete",
    "make_payment",
    "send-email",
    "modify_pending_order_items",
    "enviar_sic",
  ])("is yes of %s", (name) => {
    expect(changesState(name)).toBe(true);
  });

  it.each([
    "get_order",
    "list_cancelled_orders",
    "check_payment_request",
    "searchProducts",
    "can_send_mms",
    "track_order",
    "order_status",
    "calculate",
    "think",
    "",
  ])("is no of %j", (name) => {
    expect(changesState(name)).toBe(false);
  });
});
