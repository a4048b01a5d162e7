"""CrewAI, traced by OpenInference; its model calls by OpenInference's OpenAI instrumentation."""

import json
import os

from crewai import LLM, Agent, Crew, Task
from crewai.tools import tool
from openinference.instrumentation import using_attributes
from openinference.instrumentation.crewai import CrewAIInstrumentor
from openinference.instrumentation.openai import OpenAIInstrumentor
from shop import MODEL, QUESTION, SESSION, SYSTEM, USER, order_status
from tracing import start_tracing

provider = start_tracing()
CrewAIInstrumentor().instrument(tracer_provider=provider)
OpenAIInstrumentor().instrument(tracer_provider=provider)


@tool("get_order_status")
def get_order_status(order_id: str) -> str:
    """Look up an order"""
    return json.dumps(order_status(order_id))


agent = Agent(
    role="support_agent",
    goal=SYSTEM,
    backstory=SYSTEM,
    tools=[get_order_status],
    llm=LLM(model=MODEL, temperature=0.2, base_url=os.environ["OPENAI_BASE_URL"], api_key="none"),
)
task = Task(description=QUESTION, expected_output="One sentence.", agent=agent)
with using_attributes(session_id=SESSION, user_id=USER):
    Crew(agents=[agent], tasks=[task], name="support_crew", share_crew=False).kickoff()
provider.shutdown()
