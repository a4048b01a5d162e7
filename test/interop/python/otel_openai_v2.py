"""opentelemetry-instrumentation-openai-v2."""

from openai import OpenAI
from opentelemetry.instrumentation.openai_v2 import OpenAIInstrumentor
from shop import openai_loop
from tracing import in_app_span, start_logs, start_tracing

provider = start_tracing()
logs = start_logs()
OpenAIInstrumentor().instrument(tracer_provider=provider, logger_provider=logs)
in_app_span(lambda: openai_loop(OpenAI()))
logs.shutdown()
provider.shutdown()
