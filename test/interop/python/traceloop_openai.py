"""OpenLLMetry's OpenAI instrumentation alone, in an application that makes its own spans."""

from openai import OpenAI
from opentelemetry.instrumentation.openai import OpenAIInstrumentor
from shop import openai_loop
from tracing import in_app_span, start_tracing

provider = start_tracing()
OpenAIInstrumentor(enrich_assistant=True).instrument(tracer_provider=provider)
in_app_span(lambda: openai_loop(OpenAI()))
provider.shutdown()
