/**
 * Wraps a tool of an agent in TypeScript so that a replay can answer for it: where `TRACEGATE_REPLAY_URL` is set
 * it asks there and does not run the tool, unless it is one of the replay's `liveTools`; elsewhere it is the tool itself. Retrievers are named `retrieval`, a
 * memory by its operation, e.g. `search_memory`.
 *
 * The arguments recorded for a tool are one object, so wrap a function of one argument. What a tool threw then
 * it throws again, with the same name and message.
 *
 * @throws Error named `ReplayDivergedError` when the recording does not hold this call.
 *
 * @example
 * const getOrder = replayTool("get_order", async (input: { order_id: string }) => orders.find(input.order_id));
 */
export function replayTool<Input, Output>(
  name: string,
  tool: (input: Input) => Output | Promise<Output>,
): (input: Input) => Promise<Output> {
  return async (input) => {
    const url = process.env.TRACEGATE_REPLAY_URL;
    if (url === undefined || url === "") return tool(input);
    const response = await fetch(`${url}/tools/${encodeURIComponent(name)}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(input ?? {}),
    });
    const answer: Answer<Output> = JSON.parse(await response.text());
    if ("live" in answer) return tool(input);
    if ("result" in answer) return answer.result;
    const { type, message } = answer.error;
    throw Object.assign(new Error(message), { name: type ?? "ReplayDivergedError" });
  };
}

type Answer<Output> =
  | { readonly live: true }
  | { readonly result: Output }
  | { readonly error: { readonly type?: string; readonly message: string } };
