"""AWS Strands, on the OpenAI model."""

from shop import MODEL, QUESTION, SESSION, SYSTEM, USER, order_status
from strands import Agent, tool
from strands.models.openai import OpenAIModel
from strands.telemetry import StrandsTelemetry

telemetry = StrandsTelemetry().setup_otlp_exporter()


@tool
def get_order_status(order_id: str) -> dict:
    """Look up an order

    Args:
        order_id: The order.
    """
    return {"status": "success", "content": [{"json": order_status(order_id)}]}


agent = Agent(
    name="support_agent",
    model=OpenAIModel(model_id=MODEL, params={"temperature": 0.2}),
    system_prompt=SYSTEM,
    tools=[get_order_status],
    callback_handler=None,
    trace_attributes={"user.id": USER, "session.id": SESSION},
)
agent(QUESTION)
telemetry.tracer_provider.shutdown()
