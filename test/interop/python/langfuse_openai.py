"""Langfuse's OTel SDK with its OpenAI wrapper."""

from langfuse import get_client, observe, propagate_attributes
from langfuse.openai import OpenAI
from shop import QUESTION, SESSION, USER, openai_loop, order_status


@observe(name="get_order_status", as_type="tool")
def get_order_status(order_id: str) -> dict:
    return order_status(order_id)


@observe(name="support_agent", as_type="agent")
def support_agent(question: str) -> str:
    with propagate_attributes(user_id=USER, session_id=SESSION, tags=["beta", "eu"]):
        return openai_loop(OpenAI(), get_order_status)


support_agent(QUESTION)
get_client().shutdown()
