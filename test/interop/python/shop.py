"""The story that every agent tells. Copied beside each agent."""

import json

SYSTEM = "You are a support agent."
QUESTION = "What is the status of order A-1001?"
MODEL = "gpt-4o-mini"
DESCRIPTION = "Look up an order"
PARAMETERS = {"type": "object", "properties": {"order_id": {"type": "string"}}, "required": ["order_id"]}
USER, SESSION, ORGANISATION = "u-1", "s-1", "o-1"


def order_status(order_id: str) -> dict:
    if order_id != "A-1001":
        raise KeyError(order_id)
    return {"status": "shipped", "eta": "2026-11-24"}


def openai_loop(client, run_tool=order_status) -> str:
    """Chat Completions until no tool is asked for; `run_tool` lets a caller trace the tool."""
    function = {"name": "get_order_status", "description": DESCRIPTION, "parameters": PARAMETERS}
    messages = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": QUESTION}]
    while True:
        completion = client.chat.completions.create(
            model=MODEL, temperature=0.2, messages=list(messages), tools=[{"type": "function", "function": function}]
        )
        message = completion.choices[0].message
        if not message.tool_calls:
            return message.content
        calls = [
            {"id": call.id, "type": "function", "function": {"name": call.function.name, "arguments": call.function.arguments}}
            for call in message.tool_calls
        ]
        messages.append({"role": "assistant", "tool_calls": calls})
        for call in message.tool_calls:
            result = run_tool(**json.loads(call.function.arguments))
            messages.append({"role": "tool", "tool_call_id": call.id, "content": json.dumps(result)})
