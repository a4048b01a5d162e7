"""An agent in another language: standard library only. Asks the model and the tool wherever the environment says."""
import json
import os
import sys
import urllib.error
import urllib.request

REPLAY = os.environ.get("TRACEGATE_REPLAY_URL")


def post(url, body):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def replay_tool(name, tool):
    """The tool itself, or its recorded answer where a replay is on."""

    def call(**arguments):
        if not REPLAY:
            return tool(**arguments)
        answer = post(f"{REPLAY}/tools/{name}", arguments)
        if "error" in answer:
            raise RuntimeError(answer["error"]["message"])
        return answer["result"]

    return call


def look_up(order_id):
    raise SystemExit("the live tool was run")


get_order = replay_tool("get_order", look_up)
case = json.load(sys.stdin)
messages = [
    {"role": "system", "content": "You are the support agent of a shop."},
    {"role": "user", "content": "Where is order A-1?"},
]
while True:
    body = {"model": "gpt-4o-mini", "messages": messages}
    message = post(os.environ["OPENAI_BASE_URL"] + "/chat/completions", body)["choices"][0]["message"]
    if not message.get("tool_calls"):
        break
    messages.append(message)
    for call in message["tool_calls"]:
        order = get_order(**json.loads(call["function"]["arguments"]))
        messages.append({"role": "tool", "tool_call_id": call["id"], "content": json.dumps(order)})
print(message["content"])
