"""A graph of two nodes built by hand with LangGraph, traced by OpenInference."""

import json

from langchain_core.messages import HumanMessage, SystemMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition
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


model = ChatOpenAI(model=MODEL, temperature=0.2).bind_tools([get_order_status])
graph = StateGraph(MessagesState)
graph.add_node("model", lambda state: {"messages": [model.invoke([SystemMessage(SYSTEM), *state["messages"]])]})
graph.add_node("tools", ToolNode([get_order_status]))
graph.add_edge(START, "model")
graph.add_conditional_edges("model", tools_condition)
graph.add_edge("tools", "model")
with using_attributes(session_id=SESSION, user_id=USER):
    graph.compile(name="support_agent").invoke({"messages": [HumanMessage(QUESTION)]})
provider.shutdown()
