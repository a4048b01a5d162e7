/** Names of one provider that senders use beside its OTel name. */
const PROVIDERS: { readonly [name: string]: string } = {
  vertex_ai: "gcp.vertex_ai",
  vertexai: "gcp.vertex_ai",
  gemini: "gcp.gemini",
  google: "gcp.gemini",
  "az.ai.inference": "azure.ai.inference",
  "az.ai.openai": "azure.ai.openai",
  azure: "azure.ai.openai",
  azure_openai: "azure.ai.openai",
  xai: "x_ai",
  mistral: "mistral_ai",
  mistralai: "mistral_ai",
  bedrock: "aws.bedrock",
  aws: "aws.bedrock",
};

/** Agent frameworks that put their own name where the provider belongs. */
const FRAMEWORKS = new Set([
  "strands-agents",
  "langchain",
  "gcp.vertex.agent",
  "microsoft.agent_framework",
  "pydantic_ai",
  "_other",
]);

const MODEL_PREFIXES: readonly (readonly [RegExp, string])[] = [
  [/^(gpt-|o[1-9](-|$)|chatgpt|text-embedding-)/, "openai"],
  [/^claude-/, "anthropic"],
  [/^gemini-/, "gcp.gemini"],
  [/^(mistral|ministral|codestral|magistral)/, "mistral_ai"],
  [/^grok-/, "x_ai"],
  [/^deepseek-/, "deepseek"],
  [/^command-/, "cohere"],
];

/**
 * A provider by its OTel name (`gen_ai.provider.name`): aliases are translated, suffixes such as
 * `openai.chat` cut, and the name of a framework replaced by what the model's name says.
 */
export function readProvider(name: string | undefined, model: string | undefined): string | undefined {
  const lower = name?.toLowerCase().trim();
  if (!lower || FRAMEWORKS.has(lower)) return lower || model ? providerOfModel(model) : undefined;
  return (
    PROVIDERS[lower] ??
    lower.replace(/^(openai|anthropic|google|mistral|cohere|groq)\..*$/, (_, base) => PROVIDERS[base] ?? base)
  );
}

function providerOfModel(model: string | undefined): string | undefined {
  const lower = model?.toLowerCase();
  return lower === undefined ? undefined : MODEL_PREFIXES.find(([prefix]) => prefix.test(lower))?.[1];
}
