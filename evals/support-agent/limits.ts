/** Room for the longest help article. */
export const maxTokens = 400;

/** Model calls in one conversation before the agent gives up. */
export const maxSteps = 8;
