"""An agent in another language: standard library only. Reads the case on stdin, sends a span as OTLP/JSON."""
import json
import os
import subprocess
import sys
import time
import urllib.parse
import urllib.request

case = json.load(sys.stdin)
behaviour, pid_file = sys.argv[1:3]

if behaviour == "fails":
    print("cannot go on: no model key", file=sys.stderr)
    sys.exit(3)

if behaviour == "hangs":
    child = subprocess.Popen(["sleep", "600"])
    with open(pid_file, "w") as file:
        file.write(f"{os.getpid()}\n{child.pid}\n")
    time.sleep(600)

_, trace_id, parent, _ = os.environ["TRACEPARENT"].split("-")
resource = dict(pair.split("=", 1) for pair in os.environ["OTEL_RESOURCE_ATTRIBUTES"].split(","))
now = str(time.time_ns())
span = {
    "traceId": trace_id,
    "spanId": "0807060504030201",
    "parentSpanId": parent,
    "name": case["id"],
    "kind": 1,
    "startTimeUnixNano": now,
    "endTimeUnixNano": now,
}
attributes = [
    {"key": key, "value": {"stringValue": urllib.parse.unquote(value)}} for key, value in resource.items()
]
body = {
    "resourceSpans": [
        {"resource": {"attributes": attributes}, "scopeSpans": [{"scope": {"name": "python"}, "spans": [span]}]}
    ]
}
request = urllib.request.Request(
    os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] + "/v1/traces",
    json.dumps(body).encode(),
    {"content-type": "application/json"},
)
urllib.request.urlopen(request).read()
if behaviour == "answers":
    print("answer to", case["id"])
