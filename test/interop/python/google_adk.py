"""Google's Agent Development Kit, on the Gemini wire format."""

import asyncio

from google.adk.agents import LlmAgent
from google.adk.runners import InMemoryRunner
from google.genai import types
from shop import QUESTION, SESSION, SYSTEM, USER, order_status
from tracing import start_logs, start_tracing

provider = start_tracing()
logs = start_logs()


def get_order_status(order_id: str) -> dict:
    """Look up an order"""
    return order_status(order_id)


agent = LlmAgent(
    name="support_agent",
    model="gemini-2.5-flash",
    instruction=SYSTEM,
    tools=[get_order_status],
    generate_content_config=types.GenerateContentConfig(temperature=0.2),
)


async def main():
    runner = InMemoryRunner(agent=agent, app_name="support-agent")
    await runner.session_service.create_session(app_name="support-agent", user_id=USER, session_id=SESSION)
    message = types.Content(role="user", parts=[types.Part(text=QUESTION)])
    async for _ in runner.run_async(user_id=USER, session_id=SESSION, new_message=message):
        pass


asyncio.run(main())
logs.shutdown()
provider.shutdown()
