"""The agent as a command: the case on stdin, the answer on stdout."""
import json
import os
import sys

from support_agent import answer

case = json.load(sys.stdin)
question = case["input"]["messages"][-1]["parts"][0]["content"]
text, run = answer(question, os.environ["TRACEPARENT"])
run.send()
print(text)
