/** Answers should be short, and tokens cost money. */
export const maxTokens = 48;

/** Model calls in one conversation before the agent gives up. */
export const maxSteps = 8;
