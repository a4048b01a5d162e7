import type { ModelServer } from "../../llmwire/model-server.ts";
import type { Session } from "../session.ts";

/** The agent always talks to the simulation; judges do too, unless there is a key for a real model. */
export function judgeEnvironment(environment: Session["environment"], model: ModelServer): NodeJS.ProcessEnv {
  const simulated = { OPENAI_API_KEY: "simulation", OPENAI_BASE_URL: model.openaiBaseUrl };
  const real = environment.OPENAI_API_KEY || environment.ANTHROPIC_API_KEY;
  return { ...environment, ...(real ? {} : simulated), SUPPORT_AGENT_MODEL_URL: model.url };
}
