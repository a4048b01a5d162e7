"""Spans of one run as OTLP/JSON, by the OpenTelemetry GenAI conventions; standard library only."""
import json
import os
import time
import urllib.request


def value(given):
    if isinstance(given, int):
        return {"intValue": str(given)}
    return {"stringValue": given if isinstance(given, str) else json.dumps(given)}


class Run:
    """The spans of one run, below the span that a W3C traceparent names."""

    def __init__(self, traceparent):
        _, self.trace_id, self.caller, _ = traceparent.split("-")
        self.spans = []

    def begin(self, name, parent=None, **attributes):
        span = {
            "traceId": self.trace_id,
            "spanId": os.urandom(8).hex(),
            "parentSpanId": parent["spanId"] if parent else self.caller,
            "name": name,
            "kind": 1,
            "startTimeUnixNano": str(time.time_ns()),
            "attributes": [],
        }
        self.spans.append(span)
        return self.tell(span, **attributes)

    def tell(self, span, **attributes):
        named = {f"gen_ai.{name.replace('__', '.')}": given for name, given in attributes.items()}
        span["attributes"] += [{"key": key, "value": value(given)} for key, given in named.items()]
        return span

    def end(self, span, error=None):
        span["endTimeUnixNano"] = str(time.time_ns())
        if error:
            span["attributes"].append({"key": "error.type", "value": value(type(error).__name__)})
            span["status"] = {"code": 2, "message": str(error)}

    def send(self):
        """To where OpenTelemetry's own variable says."""
        resource = {"attributes": [{"key": "service.name", "value": value("python-support-agent")}]}
        scope_spans = [{"scope": {"name": "support"}, "spans": self.spans}]
        body = {"resourceSpans": [{"resource": resource, "scopeSpans": scope_spans}]}
        request = urllib.request.Request(
            os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] + "/v1/traces",
            json.dumps(body).encode(),
            {"content-type": "application/json"},
        )
        urllib.request.urlopen(request).read()
