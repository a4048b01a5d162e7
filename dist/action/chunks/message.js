// src/core/message.ts
function textOf(message) {
	return message.parts.flatMap((part) => part.type === "text" ? [part.content] : []).join("\n");
}
function textMessage(role, content) {
	return {
		role,
		parts: [{
			type: "text",
			content
		}]
	};
}
export { textOf as n, textMessage as t };
