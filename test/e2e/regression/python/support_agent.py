"""The refunds of the demo's support agent in Python: asks a model over HTTP, runs its tool, is traced."""
import json
import os
import urllib.request

from tracing import Run

SYSTEM = "You are the support agent of a shop. Use your tools."


class ToolError(Exception):
    pass


def create_refund(order_id):
    raise ToolError("Payment provider declined the refund: card expired.")


FUNCTIONS = {"create_refund": create_refund}
PARAMETERS = {"type": "object", "properties": {"order_id": {"type": "string"}}}
TOOLS = [
    {"type": "function", "function": {"name": "create_refund", "description": "Refunds an order.", "parameters": PARAMETERS}}
]


def run_tool(name, arguments):
    """A failure is told to the model, so that it can tell the customer."""
    try:
        return FUNCTIONS[name](**arguments), None
    except ToolError as error:
        return {"error": str(error)}, error


def ask(messages):
    body = {"model": "gpt-4o-mini", "messages": messages, "tools": TOOLS}
    request = urllib.request.Request(
        os.environ["SUPPORT_AGENT_MODEL_URL"] + "/v1/chat/completions",
        json.dumps(body).encode(),
        {"content-type": "application/json", "authorization": "Bearer none"},
    )
    return json.load(urllib.request.urlopen(request))


def answer(question, traceparent):
    """The answer to a customer, and the spans of how it came about."""
    run = Run(traceparent)
    root = run.begin("invoke_agent support", operation__name="invoke_agent", agent__name="support")
    run.tell(root, input__messages=[{"role": "user", "parts": [{"type": "text", "content": question}]}])
    messages = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": question}]
    while True:
        chat = run.begin("chat gpt-4o-mini", root, operation__name="chat", request__model="gpt-4o-mini")
        reply = ask(messages)
        message = reply["choices"][0]["message"]
        run.tell(chat, response__id=reply["id"], response__model=reply["model"])
        run.end(chat)
        messages.append(message)
        if not message.get("tool_calls"):
            break
        for call in message["tool_calls"]:
            name, arguments = call["function"]["name"], call["function"]["arguments"]
            tool = run.begin(f"execute_tool {name}", root, operation__name="execute_tool", tool__name=name)
            result, error = run_tool(name, json.loads(arguments))
            run.tell(tool, tool__call__id=call["id"], tool__call__arguments=arguments, tool__call__result=result)
            run.end(tool, error)
            messages.append({"role": "tool", "tool_call_id": call["id"], "content": json.dumps(result)})
    text = message["content"]
    run.tell(root, output__messages=[{"role": "assistant", "parts": [{"type": "text", "content": text}]}])
    run.end(root)
    return text, run
