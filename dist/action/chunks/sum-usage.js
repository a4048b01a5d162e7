// src/core/sum-usage.ts
const FIELDS = [
	"inputTokens",
	"outputTokens",
	"cacheReadTokens",
	"cacheWriteTokens",
	"reasoningTokens"
];
function sumUsage(parts) {
	const sums = {};
	for (const part of parts) for (const field of FIELDS) {
		const tokens = part[field];
		if (tokens !== void 0) sums[field] = (sums[field] ?? 0) + tokens;
	}
	return sums;
}
export { sumUsage as t };
