"""LangChain's agent on LangGraph, traced by OpenInference."""

import json

from langchain.agents import create_agent
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from openinference.instrumentation import using_attributes
from openinference.instrumentation.langchain import LangChainInstrumentor
from shop import MODEL, QUESTION, SESSION, SYSTEM, USER, order_status
from tracing import start_tracing

provider = start_tracing()
LangChainInstrumentor().instrument(tracer_provider=provider)


@tool
def get_order_status(order_id: str) -> str:
    """Look up an order"""
    return json.dumps(order_status(order_id))


agent = create_agent(
    ChatOpenAI(model=MODEL, temperature=0.2), tools=[get_order_status], system_prompt=SYSTEM, name="support_agent"
)
with using_attributes(session_id=SESSION, user_id=USER):
    agent.invoke({"messages": [{"role": "user", "content": QUESTION}]})
provider.shutdown()
