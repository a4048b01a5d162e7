"""MLflow's OpenAI autologging with its decorators, exported over OTLP."""

import mlflow
from mlflow.entities import SpanType
from openai import OpenAI
from shop import QUESTION, SESSION, USER, openai_loop, order_status

mlflow.openai.autolog()


@mlflow.trace(name="get_order_status", span_type=SpanType.TOOL)
def get_order_status(order_id: str) -> dict:
    return order_status(order_id)


@mlflow.trace(name="support_agent", span_type=SpanType.AGENT)
def support_agent(question: str) -> str:
    mlflow.update_current_trace(metadata={"mlflow.trace.user": USER, "mlflow.trace.session": SESSION})
    return openai_loop(OpenAI(), get_order_status)


support_agent(QUESTION)
mlflow.flush_trace_async_logging()
