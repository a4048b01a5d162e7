"""OpenAI's Agents SDK through OpenInference's instrumentation."""

import json

from agents import Agent, ModelSettings, Runner, flush_traces, function_tool, trace
from openinference.instrumentation import using_attributes
from openinference.instrumentation.openai_agents import OpenAIAgentsInstrumentor
from shop import DESCRIPTION, MODEL, QUESTION, SESSION, SYSTEM, USER, order_status
from tracing import start_tracing

provider = start_tracing()
OpenAIAgentsInstrumentor().instrument(tracer_provider=provider, exclusive_processor=True)


@function_tool(description_override=DESCRIPTION)
def get_order_status(order_id: str) -> str:
    return json.dumps(order_status(order_id))


agent = Agent(
    name="support_agent",
    instructions=SYSTEM,
    model=MODEL,
    model_settings=ModelSettings(temperature=0.2),
    tools=[get_order_status],
)
with using_attributes(session_id=SESSION, user_id=USER), trace("support-workflow", group_id=SESSION):
    Runner.run_sync(agent, QUESTION)
flush_traces()
provider.shutdown()
