import { r as stableJson, t as isObject } from "./json.js";
// src/conventions/derive/message-key.ts
var MessageKeys = class {
	create;
	empty;
	known = new Map();
	buckets = new Map();
	withIds = new Map();
	constructor(create) {
		this.create = create;
		const content = create();
		this.empty = {
			exact: content,
			loose: content,
			ids: [],
			isEmpty: true
		};
	}
	of(message) {
		const known = this.known.get(message);
		if (known) return known;
		const key = this.keyOf(message);
		this.known.set(message, key);
		return key;
	}
	keyOf(message) {
		const sketch = sketchOf(message);
		if (sketch === "") return this.empty;
		const loose = this.looseOf(message, sketch);
		const ids = idsOf(message);
		return {
			exact: ids.length === 0 ? loose : this.exactOf(loose, ids),
			loose,
			ids,
			isEmpty: false
		};
	}
	looseOf(message, sketch) {
		const bucket = this.buckets.get(sketch);
		if (!bucket) {
			const content = this.create();
			this.buckets.set(sketch, {
				first: message,
				content,
				byText: new Map()
			});
			return content;
		}
		const { first, content, byText } = bucket;
		if (isPlainlySame(message, first)) return content;
		if (byText.size === 0) byText.set(textOf(first), content);
		return entryOf(byText, textOf(message), this.create);
	}
	exactOf(loose, ids) {
		return entryOf(entryOf(this.withIds, loose, () => new Map()), ids.join(""), this.create);
	}
};
function entryOf(entries, key, create) {
	const known = entries.get(key);
	if (known !== void 0) return known;
	const value = create();
	entries.set(key, value);
	return value;
}
function idsOf(message) {
	const ids = [];
	for (const part of message.parts) if ((part.type === "tool_call" || part.type === "tool_result") && part.id !== void 0) ids.push(part.id);
	return ids;
}
function sketchOf({ role, parts }) {
	let sketch = "";
	for (const part of parts) sketch += sketchOfPart(part);
	return sketch === "" ? "" : role + sketch;
}
function sketchOfPart(part) {
	switch (part.type) {
		case "text": {
			const size = part.content.trim().length;
			return size === 0 ? "" : ` text ${size}`;
		}
		case "tool_call": return ` call ${part.name} ${sizeOf(part.arguments)}`;
		case "tool_result": return ` result ${sizeOf(part.result)}`;
		case "media": return ` media ${part.modality}`;
		case "other": return ` other ${sizeOf(part.value)}`;
		case "reasoning": return "";
	}
}
const MAX_DEPTH = 6;
function sizeOf(value, depth = 0) {
	if (typeof value === "string") return value.length;
	if (typeof value !== "object" || value === null) return String(value ?? null).length;
	if (depth === MAX_DEPTH) return 1;
	let size = 2;
	if (Array.isArray(value)) for (const item of value) size += 1 + sizeOf(item, depth + 1);
	else for (const key in value) size += key.length + sizeOf(value[key], depth + 1);
	return size;
}
function isPlainlySame(one, other) {
	if (one.role !== other.role || one.parts.length !== other.parts.length) return false;
	return one.parts.every((part, index) => isSamePart(part, other.parts[index]));
}
function isSamePart(one, other) {
	switch (one.type) {
		case "text": return other?.type === "text" && one.content === other.content;
		case "tool_call": return other?.type === "tool_call" && one.name === other.name && isSame(one.arguments, other.arguments);
		case "tool_result": return other?.type === "tool_result" && isSame(one.result, other.result);
		default: return false;
	}
}
function isSame(one, other) {
	if (one === other) return true;
	if (Array.isArray(one)) return Array.isArray(other) && one.length === other.length && one.every((item, at) => isSame(item, other[at]));
	if (!isObject(one) || !isObject(other)) return false;
	const names = Object.keys(one);
	const others = Object.keys(other);
	return names.length === others.length && names.every((name, at) => name === others[at] && isSame(one[name], other[name]));
}
function textOf({ role, parts }) {
	return [role, ...parts.map(textOfPart).filter((piece) => piece !== "")].join("");
}
function textOfPart(part) {
	switch (part.type) {
		case "text": return part.content.trim();
		case "tool_call": return `call ${part.name} ${stableJson(part.arguments ?? null)}`;
		case "tool_result": return `result ${typeof part.result === "string" ? part.result : stableJson(part.result ?? null)}`;
		case "media": return `media ${part.modality} ${part.uri ?? ""}`;
		case "other": return stableJson(part.value);
		case "reasoning": return "";
	}
}
export { MessageKeys as t };
