"""LlamaIndex's function agent, traced by OpenInference."""

import asyncio
import json
import os

from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.tools import FunctionTool
from llama_index.llms.openai import OpenAI
from openinference.instrumentation import using_attributes
from openinference.instrumentation.llama_index import LlamaIndexInstrumentor
from shop import DESCRIPTION, MODEL, QUESTION, SESSION, SYSTEM, USER, order_status
from tracing import start_tracing

provider = start_tracing()
LlamaIndexInstrumentor().instrument(tracer_provider=provider)


def get_order_status(order_id: str) -> str:
    return json.dumps(order_status(order_id))


tool = FunctionTool.from_defaults(get_order_status, name="get_order_status", description=DESCRIPTION)
agent = FunctionAgent(
    name="support_agent",
    tools=[tool],
    llm=OpenAI(model=MODEL, temperature=0.2, api_base=os.environ["OPENAI_BASE_URL"]),
    system_prompt=SYSTEM,
    streaming=False,
)


async def main():
    with using_attributes(session_id=SESSION, user_id=USER):
        await agent.run(QUESTION)


asyncio.run(main())
provider.shutdown()
