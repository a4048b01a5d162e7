"""LangSmith's SDK in its OpenTelemetry mode."""

from langsmith import Client, traceable
from langsmith.wrappers import wrap_openai
from openai import OpenAI
from opentelemetry import trace
from shop import QUESTION, SESSION, USER, openai_loop, order_status

client = Client()


@traceable(name="get_order_status", run_type="tool", client=client)
def get_order_status(order_id: str) -> dict:
    return order_status(order_id)


@traceable(
    name="support_agent",
    run_type="chain",
    client=client,
    tags=["beta", "eu"],
    metadata={"session_id": SESSION, "user_id": USER},
)
def support_agent(question: str) -> str:
    return openai_loop(wrap_openai(OpenAI(), tracing_extra={"client": client}), get_order_status)


support_agent(QUESTION)
client.flush()
trace.get_tracer_provider().shutdown()
