// src/core/errors.ts
var TracegateError = class extends Error {
	name = "TracegateError";
	code;
	retryable;
	retryAt;
	away;
	constructor(code, message, options = {}) {
		super(message, options.cause === void 0 ? void 0 : { cause: options.cause });
		this.code = code;
		this.retryable = options.retryable ?? false;
		this.retryAt = options.retryAt;
		this.away = options.away;
	}
};
function messageOf(error) {
	return error instanceof Error ? error.message : String(error);
}
export { messageOf as n, TracegateError as t };
