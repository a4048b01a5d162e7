"""OpenInference's OpenAI instrumentation with its decorators for agent and tool."""

from openai import OpenAI
from openinference.instrumentation import TracerProvider, using_attributes
from openinference.instrumentation.openai import OpenAIInstrumentor
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from shop import DESCRIPTION, QUESTION, SESSION, USER, openai_loop, order_status

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(provider)
tracer = provider.get_tracer("app")
OpenAIInstrumentor().instrument(tracer_provider=provider)


@tracer.tool(name="get_order_status", description=DESCRIPTION)
def get_order_status(order_id: str) -> dict:
    return order_status(order_id)


@tracer.agent(name="support_agent")
def support_agent(question: str) -> str:
    return openai_loop(OpenAI(), get_order_status)


with using_attributes(session_id=SESSION, user_id=USER, tags=["beta", "eu"], metadata={"org": "o-1"}):
    support_agent(QUESTION)
provider.shutdown()
