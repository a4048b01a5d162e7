import { n as contentHash } from "./ids.js";
import { n as parseJson, r as stableJson } from "./json.js";
import { n as textOf } from "./message.js";
import { n as replaceSecrets } from "./find-secrets.js";
import { isIP } from "node:net";
import { createHash } from "node:crypto";
// src/datasets/personal-rules.ts
const IBAN_LENGTH = {
	AD: 24,
	AE: 23,
	AL: 28,
	AT: 20,
	AZ: 28,
	BA: 20,
	BE: 16,
	BG: 22,
	BH: 22,
	BR: 29,
	CH: 21,
	CR: 22,
	CY: 28,
	CZ: 24,
	DE: 22,
	DK: 18,
	DO: 28,
	EE: 20,
	ES: 24,
	FI: 18,
	FO: 18,
	FR: 27,
	GB: 22,
	GE: 22,
	GI: 23,
	GL: 18,
	GR: 27,
	GT: 28,
	HR: 21,
	HU: 28,
	IE: 22,
	IL: 23,
	IS: 26,
	IT: 27,
	JO: 30,
	KW: 30,
	KZ: 20,
	LB: 28,
	LI: 21,
	LT: 20,
	LU: 20,
	LV: 21,
	MC: 27,
	MD: 24,
	ME: 22,
	MK: 19,
	MR: 27,
	MT: 31,
	MU: 30,
	NL: 18,
	NO: 15,
	PK: 24,
	PL: 28,
	PS: 29,
	PT: 25,
	QA: 29,
	RO: 24,
	RS: 22,
	SA: 24,
	SE: 24,
	SI: 19,
	SK: 24,
	SM: 27,
	TN: 24,
	TR: 26,
	UA: 29,
	VG: 24,
	XK: 20
};
const EDGE = "(?<![A-Za-z0-9._-])";
const EDGE_AFTER = "(?![A-Za-z0-9_-])";
const personalRules = [
	{
		id: "email",
		hints: /@/,
		pattern: /(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24}(?![A-Za-z0-9-])/g,
		accepts: () => true
	},
	{
		id: "iban",
		hints: /[A-Z]{2}\d\d/,
		pattern: new RegExp(`${EDGE}[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?${EDGE_AFTER}`, "g"),
		accepts: isIban
	},
	{
		id: "card",
		hints: /\d(?:[ -]?\d){11}/,
		pattern: new RegExp(`${EDGE}\\d(?:[ -]?\\d){12,18}${EDGE_AFTER}`, "g"),
		accepts: isCard
	},
	{
		id: "ssn",
		hints: /\d-\d\d-\d/,
		pattern: new RegExp(`${EDGE}(?!000|666|9)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}${EDGE_AFTER}`, "g"),
		accepts: () => true
	},
	{
		id: "ip",
		hints: /\d\.\d{1,3}\.\d/,
		pattern: new RegExp(`${EDGE}\\d{1,3}(?:\\.\\d{1,3}){3}(?![A-Za-z0-9_-]|\\.\\d)`, "g"),
		accepts: (match, before) => isPublicIpv4(match) && !/(?:version|release|v)["'\s:=]{0,4}$/i.test(before)
	},
	{
		id: "ip",
		hints: /::|(?:[0-9a-fA-F]{1,4}:){7}/,
		pattern: /(?<![\w:.])[0-9a-fA-F]{1,4}(?::{1,2}[0-9a-fA-F]{1,4}){3,7}(?![\w:])/g,
		accepts: (match) => isIP(match) === 6 && /\d/.test(match)
	},
	{
		id: "phone",
		hints: /\+[1-9]/,
		pattern: /(?<![\w+])\+[1-9](?:[ ().-]{0,2}\d){8,14}(?![\w-])/g,
		accepts: () => true
	},
	{
		id: "phone",
		hints: /\(\d{3}\)/,
		pattern: /(?<![\w(])\(\d{3}\) ?\d{3}[ .-]\d{4}(?![\w-])/g,
		accepts: () => true
	}
];
function isIban(match) {
	const compact = match.replaceAll(" ", "");
	if (IBAN_LENGTH[compact.slice(0, 2)] !== compact.length) return false;
	let remainder = 0;
	for (const character of compact.slice(4) + compact.slice(0, 4)) {
		const value = Number.parseInt(character, 36);
		remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
	}
	return remainder === 1;
}
function isCard(match, before, key) {
	const digits = match.replace(/[ -]/g, "");
	if (!/^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|5\d\d|4[4-9]\d)\d{12})$/.test(digits)) return false;
	let sum = 0;
	for (let index = 0; index < digits.length; index++) {
		const digit = Number(digits[digits.length - 1 - index]) * (index % 2 === 0 ? 1 : 2);
		sum += digit > 9 ? digit - 9 : digit;
	}
	if (sum % 10 !== 0) return false;
	return /^\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}$|^\d{4}([ -])\d{6}\2\d{5}$/.test(match) || /card|visa|amex|pan\b|credit|debit/i.test(`${before.slice(-40)} ${key}`);
}
function isPublicIpv4(match) {
	if (isIP(match) !== 4) return false;
	return !/^(?:0|10|127|255|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./.test(match);
}
// src/datasets/replace-passwords.ts
const IN_JSON = /((\\{0,7})"pass(?:word|wd|code|phrase)?\2"\s{0,8}:\s{0,8}\2")((?:[^"\\]|\\[\s\S]){1,256}?)(?=\2")/gi;
function replacePasswords(text, markFor) {
	if (!/pass/i.test(text)) return text;
	return text.replace(IN_JSON, (whole, before, _, value) => isMark(value) ? whole : `${before}${markFor("password", value)}`);
}
function isMark(text) {
	return /^\[[a-z]+(?:-[a-z]+)*-(?:\d{1,6}|[0-9a-f]{16})\]$/.test(text);
}
// src/datasets/redact.ts
const LONG = 2e3;
const BETWEEN_OBJECTS = /(?<=\},)(?=\s?\{")/;
const MARKS = /\[([a-z]+(?:-[a-z]+)*)-(\d{1,6})\]/g;
const PASSWORD_KEY = /^pass(?:word|wd|code|phrase)?$/i;
const ID_KEY = /(?:^|[._-])(?:end_?user|user|customer|account|session|conversation|thread)[._-]?id$/i;
function makeRedactor({ credentials = false, pseudonyms = false } = {}) {
	const marks = new Map();
	const kinds = new Map();
	const counts = new Map();
	const pieces = new Map();
	const markFor = (rule, value) => {
		const known = marks.get(`${rule} ${value}`);
		if (known !== void 0) return known;
		const number = (kinds.get(rule) ?? 0) + 1;
		kinds.set(rule, number);
		const mark = `[${rule}-${number}]`;
		marks.set(`${rule} ${value}`, mark);
		return mark;
	};
	const replaceIn = (text, key, mark) => {
		if (PASSWORD_KEY.test(key) && text !== "" && !isMark(text)) return mark("password", text);
		if (pseudonyms && ID_KEY.test(key)) return pseudonymOf(text, key, mark);
		return replacePersonal(replacePasswords(credentials ? replaceSecrets(text, key, mark) : text, mark), key, mark);
	};
	const redactPiece = (text, key) => {
		const place = `${key}\n${text}`;
		let piece = pieces.get(place);
		if (piece === void 0) {
			const rules = [];
			piece = {
				redacted: replaceIn(text, key, (rule, value) => {
					rules.push(rule);
					return markFor(rule, value);
				}),
				rules
			};
			pieces.set(place, piece);
		}
		for (const rule of piece.rules) counts.set(rule, (counts.get(rule) ?? 0) + 1);
		return piece.redacted;
	};
	const redactText = (text, key = "") => text.length < LONG ? redactPiece(text, key) : text.split(BETWEEN_OBJECTS).map((piece) => redactPiece(piece, key)).join("");
	const redact = (value, key = "") => {
		if (typeof value === "string") return redactText(value, key);
		if (Array.isArray(value)) return value.map((inner) => redact(inner, key));
		if (typeof value !== "object" || value === null) return value;
		return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redact(inner, name)]));
	};
	return {
		redact: (value) => redact(value),
		redactText,
		reserve(text) {
			for (const [, rule = "", number] of text.matchAll(MARKS)) kinds.set(rule, Math.max(kinds.get(rule) ?? 0, Number(number)));
		},
		counts: () => Object.fromEntries([...counts].sort(([a], [b]) => a < b ? -1 : 1))
	};
}
function pseudonymOf(text, key, markFor) {
	let found = "";
	if (replacePersonal(text, key, (rule) => {
		found ||= rule;
		return "";
	}) === text) return text;
	markFor(found, text);
	return `[${found}-${createHash("sha256").update(text).digest("hex").slice(0, 16)}]`;
}
function replacePersonal(text, key, markFor) {
	return personalRules.reduce((current, rule) => {
		if (!rule.hints.test(current)) return current;
		return current.replace(rule.pattern, (match, ...rest) => {
			const offset = rest.find((item) => typeof item === "number") ?? 0;
			const before = current.slice(Math.max(0, offset - 60), offset);
			return rule.accepts(match, before, key) ? markFor(rule.id, match) : match;
		});
	}, text);
}
// src/datasets/request-fingerprint.ts
const PREVIEW = 200;
function fingerprintOf(asked) {
	const entries = asked.messages.flatMap(entriesOf);
	const turns = entries.filter(({ byModel }, index) => byModel && !entries[index - 1]?.byModel).length;
	const news = entries.slice(entries.findLastIndex(({ byModel }) => byModel) + 1);
	const canonical = news.map(({ role, content }) => stableJson([role, withoutPersons(content)]));
	const preview = makeRedactor().redactText(news.map(shown).join(" | "));
	const system = systemOf(asked);
	return {
		...system === "" ? {} : { system: contentHash(withoutPersons(system)) },
		turns,
		news: contentHash(canonical.toSorted()),
		preview: preview.length > PREVIEW ? `${preview.slice(0, 199)}…` : preview
	};
}
function withoutPersons(value) {
	const redacted = JSON.stringify(makeRedactor().redact(value));
	return JSON.parse(redacted.replaceAll(/\[([a-z][a-z-]*)-\d+\]/g, "[$1]"));
}
function jsonOrText(value) {
	if (typeof value !== "string") return value;
	const text = value.trim();
	return parseJson(text) ?? text;
}
const MODEL_ROLES = [
	"assistant",
	"model",
	"ai"
];
const SYSTEM_ROLES = ["system", "developer"];
function systemOf({ systemInstructions, messages }) {
	if (systemInstructions !== void 0) return systemInstructions.trim();
	return messages.filter(({ role }) => SYSTEM_ROLES.includes(role)).map(textOf).join("\n").trim();
}
function entriesOf(message) {
	if (SYSTEM_ROLES.includes(message.role)) return [];
	const byModel = MODEL_ROLES.includes(message.role);
	const role = byModel ? "assistant" : message.role;
	const text = textOf(message).trim();
	const texts = text === "" ? [] : [{
		role,
		byModel,
		content: jsonOrText(text)
	}];
	const rest = message.parts.flatMap((part) => {
		switch (part.type) {
			case "tool_call": return [{
				role,
				byModel,
				content: [part.name, jsonOrText(part.arguments ?? {})]
			}];
			case "tool_result": return [{
				role: "tool",
				byModel: false,
				content: jsonOrText(part.result ?? null)
			}];
			case "media": return [{
				role,
				byModel,
				content: [part.modality]
			}];
			default: return [];
		}
	});
	return [...texts, ...rest];
}
function shown({ role, content }) {
	return `${role}: ${typeof content === "string" ? content : JSON.stringify(content)}`;
}
export { makeRedactor as i, jsonOrText as n, withoutPersons as r, fingerprintOf as t };
