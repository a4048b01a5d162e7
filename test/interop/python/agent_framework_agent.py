"""Microsoft Agent Framework with its own observability."""

import asyncio

from agent_framework import Agent, tool
from agent_framework.observability import enable_instrumentation
from agent_framework.openai import OpenAIChatCompletionClient
from shop import MODEL, QUESTION, SYSTEM, order_status
from tracing import start_logs, start_tracing

provider = start_tracing()
logs = start_logs()
enable_instrumentation(enable_sensitive_data=True)


@tool(name="get_order_status", description="Look up an order", approval_mode="never_require")
def get_order_status(order_id: str) -> dict:
    return order_status(order_id)


async def main():
    agent = Agent(
        OpenAIChatCompletionClient(model=MODEL),
        SYSTEM,
        name="support_agent",
        # No temperature: it would stand on the agent's span alone, where it is no model call's.
        tools=[get_order_status],
    )
    await agent.run(QUESTION)


asyncio.run(main())
logs.shutdown()
provider.shutdown()
