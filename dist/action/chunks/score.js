// src/core/score.ts
function passed(score) {
	return score.value === null ? null : score.value >= score.passAt;
}
export { passed as t };
