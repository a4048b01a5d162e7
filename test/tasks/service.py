"""A service in another language: standard library only. Continues the trace of each request and sends its span as OTLP/JSON."""
import json
import os
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COLLECTOR = os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] + "/v1/traces"
PID_FILE = sys.argv[1] if len(sys.argv) > 1 else "/dev/null"


def send_span(name, headers):
    """The span of one request. Its parent is not marked as remote, as older SDKs do not."""
    _, trace_id, parent, _ = headers["traceparent"].split("-")
    baggage = dict(pair.split("=", 1) for pair in headers["baggage"].split(","))
    now = str(time.time_ns())
    span = {
        "traceId": trace_id,
        "spanId": os.urandom(8).hex(),
        "parentSpanId": parent,
        "name": name,
        "kind": 2,
        "startTimeUnixNano": now,
        "endTimeUnixNano": now,
        "attributes": [
            {"key": key, "value": {"stringValue": urllib.parse.unquote(value)}} for key, value in baggage.items()
        ],
    }
    body = {"resourceSpans": [{"scopeSpans": [{"scope": {"name": "python"}, "spans": [span]}]}]}
    request = urllib.request.Request(COLLECTOR, json.dumps(body).encode(), {"content-type": "application/json"})
    urllib.request.urlopen(request).read()


class Service(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, body, kind="application/json"):
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.reply(200 if self.path == "/healthz" else 404, b"ok")

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        getattr(self, self.path.strip("/").replace("-", "_"))(asked)

    def answers(self, asked):
        send_span(asked["caseId"], self.headers)
        self.reply(200, json.dumps({"answer": "answer to " + asked["caseId"]}).encode())

    def silent(self, asked):
        send_span(asked["caseId"], self.headers)
        self.reply(200, b"{}")

    def late(self, asked):
        """Answers first; its span comes when the delay of a batch is over."""
        threading.Timer(0.5, send_span, (asked["caseId"], dict(self.headers.items()))).start()
        self.reply(200, b"{}")

    def own_trace(self, asked):
        """Begins a trace of its own."""
        send_span(asked["caseId"], {**dict(self.headers.items()), "traceparent": f"00-{os.urandom(16).hex()}-{'ef' * 8}-01"})
        self.reply(200, b"{}")

    def echo(self, asked):
        self.reply(200, json.dumps({"asked": asked, "headers": dict(self.headers.items())}).encode())

    def refuses(self, _):
        self.reply(401, b'{"error": "no such token: ' + (self.headers["authorization"] or "none").encode() + b'"}')

    def fails(self, _):
        self.reply(503, b'{"error": "no model key"}')

    def streams(self, asked):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        for piece in ("An", "sw", "er ", "\u00e9"):
            chunk = {"choices": [{"delta": {"content": piece}}]}
            self.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\r\n\r\n")
            self.wfile.flush()
            time.sleep(0.05)
        send_span(asked["caseId"], self.headers)
        self.wfile.write(b": a comment\n\nevent: end\ndata: [DONE]\n\n")
        self.close_connection = True

    def dies(self, _):
        print("out of memory", flush=True)
        os._exit(9)

    def hangs(self, _):
        child = subprocess.Popen(["sleep", "600"])
        with open(PID_FILE, "w") as file:
            file.write(f"{os.getpid()}\n{child.pid}\n")
        time.sleep(600)


server = ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Service)
server.daemon_threads = True
server.serve_forever()
