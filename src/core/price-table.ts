/** Date of the table below, `YYYY-MM-DD`: the last day on which its rows were compared with their sources. */
export const PRICES_AS_OF = "2026-11-20";

/** USD per million tokens at the standard tier (no batch, flex or priority). Cache prices default to the input price. */
export interface Price {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  /** The shortest cache lifetime on offer; longer ones cost more and are not told apart in the usage. */
  readonly cacheWrite?: number;
  /** Factors on the whole request once its input, caches included, is longer than `tokens`. */
  readonly above?: { readonly tokens: number; readonly input: number; readonly output: number };
}

type Row = readonly [model: string, input: number, output: number, cacheRead?: number, cacheWrite?: number];

/** OpenAI from GPT-5.4: twice the input and one and a half times the output price above 272k. */
const ABOVE_272K = { tokens: 272_000, input: 2, output: 1.5 };
/** Gemini Pro, and Claude Sonnet 4 and 4.5 with the long context window. */
const ABOVE_200K = { tokens: 200_000, input: 2, output: 1.5 };

/**
 * Sources: OpenAI, the model cost map of BerriAI/litellm as of 2026-07-24 for everything up to GPT-5.5, and the
 * price announcements of 2026-07-30 (5.6 Terra and Luna), 2026-09-03 and 2026-09-22 (GPT-6), 2026-09-29
 * (6.1 Sol), 2026-10-26 (6.1 Terra) and 2026-11-17 (6.2), as release notes of price trackers quote them.
 * GPT-5.6 Sol stands at its promotional price, promised at least until 2026-11-21 (list price 5 / 30).
 */
const OPENAI_LONG: readonly Row[] = [
  ["gpt-6.2-astra", 8, 40, 0.4],
  ["gpt-6.2-sol", 2, 10],
  ["gpt-6.1-sol", 2, 10, 0.1],
  ["gpt-6.1-terra", 1, 5, 0.05, 1.25],
  ["gpt-6-astra", 10, 50, 1, 12.5],
  ["gpt-6-sol", 2, 10, 0.2, 2.5],
  ["gpt-6-luna", 0.1, 0.5, 0.01, 0.125],
  ["gpt-5.6-sol", 4, 20, 0.4],
  ["gpt-5.6-terra", 2, 12, 0.2],
  ["gpt-5.6-luna", 0.2, 1.2, 0.02],
  ["gpt-5.5", 5, 30, 0.5],
  ["gpt-5.5-pro", 30, 180],
  ["gpt-5.4", 2.5, 15, 0.25],
  ["gpt-5.4-pro", 30, 180],
];

const OPENAI: readonly Row[] = [
  ["gpt-5.4-mini", 0.75, 4.5, 0.075],
  ["gpt-5.4-nano", 0.2, 1.25, 0.02],
  ["gpt-5.3-chat", 1.75, 14, 0.175],
  ["gpt-5.3-codex", 1.75, 14, 0.175],
  ["gpt-5.2", 1.75, 14, 0.175],
  ["gpt-5.2-chat", 1.75, 14, 0.175],
  ["gpt-5.2-codex", 1.75, 14, 0.175],
  ["gpt-5.2-pro", 21, 168],
  ["gpt-5.1", 1.25, 10, 0.125],
  ["gpt-5.1-chat", 1.25, 10, 0.125],
  ["gpt-5.1-codex", 1.25, 10, 0.125],
  ["gpt-5.1-codex-max", 1.25, 10, 0.125],
  ["gpt-5.1-codex-mini", 0.25, 2, 0.025],
  ["gpt-5", 1.25, 10, 0.125],
  ["gpt-5-chat", 1.25, 10, 0.125],
  ["gpt-5-codex", 1.25, 10, 0.125],
  ["gpt-5-mini", 0.25, 2, 0.025],
  ["gpt-5-nano", 0.05, 0.4, 0.005],
  ["gpt-5-pro", 15, 120],
  ["gpt-4.1", 2, 8, 0.5],
  ["gpt-4.1-mini", 0.4, 1.6, 0.1],
  ["gpt-4.1-nano", 0.1, 0.4, 0.025],
  ["gpt-4o", 2.5, 10, 1.25],
  ["gpt-4o-2024-05-13", 5, 15],
  ["gpt-4o-mini", 0.15, 0.6, 0.075],
  ["gpt-4-turbo", 10, 30],
  ["gpt-4-turbo-preview", 10, 30],
  ["gpt-4-0125-preview", 10, 30],
  ["gpt-4-1106-preview", 10, 30],
  ["gpt-4", 30, 60],
  ["gpt-3.5-turbo", 0.5, 1.5],
  ["gpt-3.5-turbo-1106", 1, 2],
  ["gpt-3.5-turbo-16k", 3, 4],
  ["o1", 15, 60, 7.5],
  ["o1-pro", 150, 600],
  ["o3", 2, 8, 0.5],
  ["o3-mini", 1.1, 4.4, 0.55],
  ["o3-pro", 20, 80],
  ["o3-deep-research", 10, 40, 2.5],
  ["o4-mini", 1.1, 4.4, 0.275],
  ["o4-mini-deep-research", 2, 8, 0.5],
];

/**
 * Source: platform.claude.com/docs, pricing page and model overviews (5.5 models: overviews of October 2026).
 * Cache writes are those of the five-minute cache.
 */
const ANTHROPIC: readonly Row[] = [
  ["claude-fable-5-1", 10, 50, 0.25, 12.5],
  ["claude-mythos-5-1", 10, 50, 0.25, 12.5],
  ["claude-fable-5", 10, 50, 1, 12.5],
  ["claude-mythos-5", 10, 50, 1, 12.5],
  ["claude-opus-5-5", 4, 20, 0.2, 5],
  ["claude-opus-5", 5, 25, 0.5, 6.25],
  ["claude-opus-4-8", 5, 25, 0.5, 6.25],
  ["claude-opus-4-7", 5, 25, 0.5, 6.25],
  ["claude-opus-4-6", 5, 25, 0.5, 6.25],
  ["claude-opus-4-5", 5, 25, 0.5, 6.25],
  ["claude-opus-4-1", 15, 75, 1.5, 18.75],
  ["claude-opus-4", 15, 75, 1.5, 18.75],
  ["claude-3-opus", 15, 75, 1.5, 18.75],
  ["claude-sonnet-5-5", 2, 10, 0.1, 2.5],
  ["claude-sonnet-5", 2, 10, 0.2, 2.5],
  ["claude-sonnet-4-6", 3, 15, 0.3, 3.75],
  ["claude-3-7-sonnet", 3, 15, 0.3, 3.75],
  ["claude-haiku-4-5", 1, 5, 0.1, 1.25],
  ["claude-3-5-haiku", 0.8, 4, 0.08, 1],
  ["claude-3-haiku", 0.25, 1.25, 0.03, 0.3],
];

const ANTHROPIC_LONG: readonly Row[] = [
  ["claude-sonnet-4-5", 3, 15, 0.3, 3.75],
  ["claude-sonnet-4", 3, 15, 0.3, 3.75],
];

/** Source: platform.claude.com/docs, overview of the model: all prices times five above 100k. */
const HAIKU_5_5: readonly Row[] = [["claude-haiku-5-5", 0.1, 0.5, 0.01, 0.125]];

/**
 * Source: litellm's model cost map as of 2026-07-24, text prices; 3.7 and 3.8 Flash: ai.google.dev pricing page
 * as read by third parties in October 2026, half price until 2026-12-31.
 */
const GOOGLE: readonly Row[] = [
  ["gemini-3.8-flash", 0.75, 3.75, 0.075],
  ["gemini-3.7-flash", 0.75, 3.75, 0.075],
  ["gemini-3.6-flash", 1.5, 7.5, 0.15],
  ["gemini-3.5-flash", 1.5, 9, 0.15],
  ["gemini-3.5-flash-lite", 0.3, 2.5, 0.03],
  ["gemini-3.1-flash-lite", 0.25, 1.5, 0.025],
  ["gemini-3-flash", 0.5, 3, 0.05],
  ["gemini-2.5-flash", 0.3, 2.5, 0.03],
  ["gemini-2.5-flash-lite", 0.1, 0.4, 0.01],
  ["gemini-2.0-flash", 0.1, 0.4, 0.025],
  ["gemini-2.0-flash-lite", 0.075, 0.3, 0.0187],
];

const GOOGLE_LONG: readonly Row[] = [
  ["gemini-3.1-pro", 2, 12, 0.2],
  ["gemini-3-pro", 2, 12, 0.2],
  ["gemini-2.5-pro", 1.25, 10, 0.125],
];

/**
 * Source: litellm's model cost map as of 2026-07-24 (Grok 3: a gateway's model list that quotes it); the makers' own APIs,
 * not resellers of open weights.
 */
const OTHERS: readonly Row[] = [
  ["deepseek-chat", 0.28, 0.42, 0.028],
  ["deepseek-reasoner", 0.28, 0.42, 0.028],
  ["grok-3", 3, 15],
  ["grok-4.3", 1.25, 2.5, 0.2],
  ["grok-4.5", 2, 6, 0.5],
];

/** Prices by model name without date, vendor prefix or `-latest`. What is not here has no price: that is not zero. */
export const PRICES: ReadonlyMap<string, Price> = new Map([
  ...priced(OPENAI_LONG, ABOVE_272K),
  ...priced(OPENAI),
  ...priced(ANTHROPIC),
  ...priced(ANTHROPIC_LONG, ABOVE_200K),
  ...priced(HAIKU_5_5, { tokens: 100_000, input: 5, output: 5 }),
  ...priced(GOOGLE),
  ...priced(GOOGLE_LONG, ABOVE_200K),
  ...priced(OTHERS),
]);

function priced(rows: readonly Row[], above?: Price["above"]): readonly (readonly [string, Price])[] {
  return rows.map(([model, input, output, cacheRead, cacheWrite]) => [
    model,
    {
      input,
      output,
      ...(cacheRead !== undefined && { cacheRead }),
      ...(cacheWrite !== undefined && { cacheWrite }),
      ...(above && { above }),
    },
  ]);
}
