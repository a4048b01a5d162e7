import { replayTool } from "tracegate/testing";

export const getOrder = replayTool("get_order", async (input: { order_id: string }) => {
  const response = await fetch(`https://shop.example/orders/${input.order_id}`);
  return response.json();
});
