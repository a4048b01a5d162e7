"""pydantic-ai with plain OpenTelemetry, without Logfire."""

import os

from pydantic_ai import Agent
from pydantic_ai.models.instrumented import InstrumentationSettings
from pydantic_ai.models.openai import OpenAIChatModel
from shop import MODEL, QUESTION, SYSTEM, order_status
from tracing import start_tracing

provider = start_tracing()
# The form of what it writes into spans has a version of its own.
form = {"version": int(os.environ["FORM"])} if "FORM" in os.environ else {}
Agent.instrument_all(InstrumentationSettings(tracer_provider=provider, **form))
agent = Agent(
    OpenAIChatModel(MODEL),
    name="support_agent",
    instructions=SYSTEM,
    model_settings={"temperature": 0.2},
)


@agent.tool_plain
def get_order_status(order_id: str) -> dict:
    """Look up an order"""
    return order_status(order_id)


agent.run_sync(QUESTION)
provider.shutdown()
