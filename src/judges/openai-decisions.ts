import type { OpenAI } from "openai";
import type { Decision } from "openai/resources/decisions";

import type { Question } from "../core/judge.ts";
import { cacheKeyOf, responseUsage } from "./openai-responses.ts";
import type { ProviderReply } from "./provider-answer.ts";

/**
 * Asks through Decisions (`POST /v1/decisions`, beta since 2026-10-06): no text, but a probability for each label, which
 * is what a cheap first tier needs. It names no span ids and gives no reasons.
 *
 * Input tokens are billed at one price, read from the cache or not, and output tokens not at all.
 */
export async function askDecisions(
  client: OpenAI,
  question: Question,
  options: { readonly model: string },
  signal: AbortSignal,
): Promise<ProviderReply> {
  const { data, response } = await client.decisions
    .create(
      {
        model: options.model,
        input: [
          { role: "developer", content: question.instructions },
          { role: "user", content: question.content },
        ],
        questions: [
          {
            type: "choice",
            name: "label",
            instructions: "Which label answers the question that was asked about the record?",
            choices: question.labels.map((value) => ({ value })),
          },
        ],
        prompt_cache_key: cacheKeyOf(question),
      },
      { signal },
    )
    .withResponse();
  const usage = responseUsage(data.usage);
  const { inputTokens } = usage;
  const answer = data.answers?.[0];
  return {
    outcome: outcomeOf(answer),
    model: data.model,
    usage,
    billed: { ...(inputTokens !== undefined && { inputTokens }), outputTokens: 0 },
    ...(answer?.type === "choice" && { probabilities: probabilitiesOf(answer) }),
    headers: response.headers,
  };
}

function outcomeOf(answer: Decision["answers"][number] | undefined): ProviderReply["outcome"] {
  if (answer === undefined) return { kind: "failed", reason: "the reply has no answers" };
  if (answer.type === "refusal") return { kind: "refused", reason: "no reason given" };
  if (answer.type !== "choice") return { kind: "failed", reason: `the answer is a ${answer.type}` };
  const label = String(answer.choice);
  const percent = Math.round(100 * (probabilitiesOf(answer)[label] ?? answer.confidence));
  return { kind: "decided", label, rationale: `${label}, with a probability of ${percent} %.` };
}

function probabilitiesOf(answer: Decision.AnswerResourceChoice): { readonly [label: string]: number } {
  return Object.fromEntries(
    (answer.probabilities ?? []).map(({ value, probability }) => [String(value), probability]),
  );
}
