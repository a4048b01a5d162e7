import { t as passed } from "./score.js";
import { n as textOf } from "./message.js";
import { t as MessageKeys } from "./message-key.js";
import { createHash } from "node:crypto";
// src/render/numbers.ts
function duration(ms) {
	if (ms < 1e3) return `${Math.round(ms)} ms`;
	if (ms < 6e4) return `${(ms / 1e3).toFixed(1)} s`;
	return `${Math.floor(ms / 6e4)} min ${Math.floor(ms % 6e4 / 1e3)} s`;
}
function count(number, noun, plural = `${noun}s`) {
	return `${whole$1(number)} ${number === 1 ? noun : plural}`;
}
function dollars(usd) {
	return usd === 0 ? "$0" : `$${usd < .01 ? usd.toPrecision(2) : usd.toFixed(2)}`;
}
function whole$1(number) {
	return number.toLocaleString("en");
}
function odds(evidence) {
	if (evidence > 1e3) return "> 1000";
	return evidence >= 100 ? String(Math.round(evidence)) : evidence.toPrecision(2);
}
// src/render/paired-runs.ts
function pairedRun({ run, control }, one) {
	const ofCase = ({ caseId, trace }) => caseId === one.caseId && trace !== null;
	const change = run.results.filter(ofCase);
	const pairs = (control?.results ?? []).filter(ofCase).flatMap((main) => {
		const beside = change.find(({ trial }) => trial === main.trial);
		return beside ? [{
			one,
			main,
			change: beside
		}] : [];
	});
	const mainPasses = one.outcome !== "stale";
	return pairs.findLast((pair) => passes(pair.main, one) === mainPasses && passes(pair.change, one) === false) ?? pairs.at(-1);
}
function pairedRuns(report) {
	return report.verdict.cases.filter(({ outcome }) => outcome === "regressed" || outcome === "stale").flatMap((one) => pairedRun(report, one) ?? []);
}
function passes({ scores }, { scorer }) {
	const score = scores.find(({ name }) => name === scorer);
	return score ? passed(score) : null;
}
// src/render/spent-text.ts
function spentText({ usd, tokens, ms, unpriced }) {
	const time = duration(ms);
	if (tokens === 0 && usd === 0) return `no tokens that the traces tell of, in ${time}`;
	const rest = unpriced.length > 0 ? ` (USD unknown for ${unpriced.join(", ")})` : "";
	return `${usd === 0 && unpriced.length > 0 ? "" : `${dollars(usd)} and `}${count(tokens, "token")}${rest} in ${time}`;
}
// src/render/html/html.ts
var Html = class {
	markup;
	constructor(markup) {
		this.markup = markup;
	}
};
function html(strings, ...pieces) {
	let markup = strings[0] ?? "";
	pieces.forEach((piece, index) => {
		markup += markupOf(piece) + (strings[index + 1] ?? "");
	});
	return new Html(markup);
}
function trustedMarkup(markup) {
	return new Html(markup);
}
function markupOf(piece) {
	if (piece instanceof Html) return piece.markup;
	if (typeof piece === "string") return escaped(piece);
	if (typeof piece === "number") return String(piece);
	if (piece === null || piece === void 0 || piece === false) return "";
	return piece.map(markupOf).join("");
}
const UNSAFE = /[&<>"'\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
const ENTITIES = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	"\"": "&quot;",
	"'": "&#39;",
	"\r": ""
};
function escaped(text) {
	return text.toWellFormed().replace(UNSAFE, (character) => ENTITIES[character] ?? visible(character));
}
function visible(character) {
	const code = character.charCodeAt(0);
	if (code < 32) return String.fromCharCode(9216 + code);
	return `[U+${code.toString(16).toUpperCase().padStart(4, "0")}]`;
}
// src/render/html/folded-text.ts
const OPEN_CHARACTERS = 1200;
const OPEN_LINES = 16;
const TEASER = 240;
function foldedText(text) {
	if (text === "") return html`<p class="note">(empty)</p>`;
	if (text.length <= OPEN_CHARACTERS && lineCount(text) <= OPEN_LINES) return html`<pre>${text}</pre>`;
	const size = count(text.length, "character");
	return html`<details class="fold"><summary><span class="teaser">${teaser(text, TEASER)}</span> <span class="note">${size}</span></summary><pre>${text}</pre></details>`;
}
function foldedValue(value) {
	if (typeof value === "string") return foldedText(value);
	return foldedText(JSON.stringify(value, null, 2));
}
function teaser(text, length) {
	const head = text.slice(0, length * 4);
	const line = head.replace(/\s+/g, " ").trim();
	return line.length > length || head.length < text.length ? `${line.slice(0, length - 1)}…` : line;
}
function lineCount(text) {
	let lines = 1;
	for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lines += 1;
	return lines;
}
// src/render/html/style.ts
const STYLE = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --text: #1c2024; --soft: #5b636d; --line: #d9dde2; --panel: #f5f6f8;
  --link: #0b57b8; --bad: #b3261e; --bad-panel: #fdecea; --good: #1b6e3c; --open: #7a5200;
  --agent: #6f42c1; --llm: #1f6fd6; --tool: #0e7f74; --look: #a05a00; --other: #77808b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --text: #e4e7ea; --soft: #9aa4ae; --line: #343a41; --panel: #1d2125;
    --link: #7db4ff; --bad: #ff8a80; --bad-panel: #3a1f1d; --good: #74d39a; --open: #e6b455;
    --agent: #b392f0; --llm: #6ca8ff; --tool: #4fc3b5; --look: #e0a04a; --other: #8f98a3;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 1320px; margin: 0 auto; padding: 24px 20px 64px; }
h1 { font-size: 1.5rem; margin: 0 0 12px; }
h2 { font-size: 1.05rem; margin: 0 0 8px; }
h4, h5 { font-size: .8rem; margin: 12px 0 4px; color: var(--soft); font-weight: 600; }
section { margin: 28px 0 0; }
section.part-of-step { margin: 0; }
a { color: var(--link); }
bdi { unicode-bidi: isolate; }
code, pre, .digest { font: 12.5px/1.5 ui-monospace, monospace; }
pre { margin: 0; padding: 8px 10px; background: var(--panel); border-radius: 6px; white-space: pre-wrap; unicode-bidi: plaintext; }
.note { color: var(--soft); font-size: .85rem; }
p { margin: 4px 0; }
p.note { margin: 2px 0 6px; }
summary { cursor: pointer; }
summary:focus-visible, a:focus-visible, .graph:focus-visible { outline: 2px solid var(--link); outline-offset: 1px; border-radius: 4px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.failed, .fault strong { color: var(--bad); }
.passed { color: var(--good); }
.unscored { color: var(--open); }

.facts { display: flex; flex-wrap: wrap; gap: 4px 22px; margin: 0 0 8px; }
.facts div { display: flex; gap: 6px; max-width: 100%; }
.facts dt { color: var(--soft); white-space: nowrap; }
.facts dd { margin: 0; min-width: 0; }
.exchange { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; }
.exchange > * { min-width: 0; }
.exchange > details { grid-column: 1 / -1; }
.issues { margin: 0 0 8px; padding-left: 20px; }

.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: 6px 10px 6px 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 600; }
tbody th { font-weight: 600; min-width: 9rem; }
td pre { background: none; padding: 0; font: inherit; min-width: 14rem; }
.number { text-align: right; }

.fold > summary { color: var(--link); }
.fold > summary .teaser { color: var(--text); font: 12.5px/1.5 ui-monospace, monospace; }
.fold[open] > summary .teaser { display: none; }
.fold { margin: 4px 0; }
.attributes { margin: 4px 0; }
.attributes dt { color: var(--soft); font-size: .85rem; }
.attributes dd { margin: 0 0 6px; }

.steps, .steps ol { list-style: none; margin: 0; padding: 0; }
.steps { border-top: 1px solid var(--line); }
.steps .messages, .steps .documents { padding: 0; }
.row { display: grid; grid-template-columns: minmax(0, 1fr) minmax(120px, 30%) 5.5rem 7rem 4.5rem; gap: 0 14px; align-items: start; padding: 5px 4px; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
summary.row { list-style: none; }
summary.row::-webkit-details-marker { display: none; }
summary.row:hover { background: var(--panel); }
.row > .took, .row > .tokens, .row > .cost { text-align: right; font-size: .85rem; }
.axis { color: var(--soft); font-size: .78rem; align-items: end; border-bottom: 0; }
.axis .bar { display: grid; grid-template-columns: repeat(4, 1fr); }
.axis .took, .axis .tokens, .axis .cost { font-size: .78rem; }
.row .what { position: relative; padding-left: 16px; min-width: 0; }
summary.row .what::before { content: "▸" / ""; position: absolute; margin-left: -14px; color: var(--soft); }
details[open] > summary.row .what::before { content: "▾" / ""; }
.row .bar svg { display: block; margin-top: 4px; overflow: visible; }
.name { font-weight: 600; }
.digest { display: block; color: var(--soft); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.type { font-size: .72rem; color: var(--other); border: 1px solid currentColor; border-radius: 4px; padding: 0 4px; }
.type.agent { color: var(--agent); } .type.llm { color: var(--llm); } .type.tool { color: var(--tool); }
.type.retrieval, .type.embedding, .type.memory { color: var(--look); }
rect { fill: var(--other); }
rect.agent { fill: var(--agent); } rect.llm { fill: var(--llm); } rect.tool { fill: var(--tool); }
rect.retrieval, rect.embedding, rect.memory { fill: var(--look); }
rect.endless { opacity: .45; }
circle.fault { fill: var(--bad); stroke: var(--page); stroke-width: 1.5; }
.content, .own { padding: 4px 0 12px 24px; }
.own { padding: 0 0 2px 20px; font-size: .85rem; }
.own > .content { padding-left: 12px; font-size: .95rem; }
.own .fold { margin: 0; }
.fault { color: var(--bad); }
.content > .fault + pre { background: var(--bad-panel); }
li:target > details > summary.row { background: var(--panel); box-shadow: inset 3px 0 var(--link); }
DEPTHS

.messages { list-style: none; margin: 0; padding: 0; }
.message { border-left: 3px solid var(--line); padding: 2px 0 6px 10px; margin: 6px 0; }
.role { font-weight: 600; font-size: .85rem; }
.part { color: var(--soft); font-size: .85rem; }
.earlier { border-left: 3px dotted var(--line); padding: 2px 0 2px 10px; }
.documents > li { border-left: 3px solid var(--line); padding: 2px 0 6px 10px; margin: 6px 0; }

.graph { overflow: auto; max-height: 80vh; }
.graph svg { display: block; }
.node rect { fill: var(--panel); stroke: var(--tool); stroke-width: 1.5; }
.node.agent rect { stroke: var(--agent); }
.node.failed rect { stroke: var(--bad); }
.node text { fill: var(--text); font-size: 13px; }
.node .runs { fill: var(--soft); font-size: 11px; }
.edge { fill: none; stroke: var(--other); }
marker path { fill: var(--other); }
.count { fill: var(--text); font-size: 11px; text-anchor: middle; paint-order: stroke; stroke: var(--page); stroke-width: 4px; }

details.trace { border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px; margin: 10px 0; }
details.trace > summary { font-weight: 600; }

@media (max-width: 760px) {
  main { padding: 14px 12px 48px; }
  .row { grid-template-columns: minmax(0, 1fr) 4rem 5.5rem 3.6rem; gap: 0 8px; }
  .row .what { grid-column: 1 / -1; grid-row: 1; }
  .row .bar { grid-column: 1; grid-row: 2; }
  .axis .what { display: none; }
  .axis .tokens, .axis .cost, .axis .took { display: none; }
  .axis .bar span:nth-child(even) { visibility: hidden; }
  .content, .own { padding-left: 10px; }
  .exchange { grid-template-columns: 1fr; }
}
@media print { .steps details > *, .fold > * { content-visibility: visible; } }
`.replace("DEPTHS", () => Array.from({ length: 12 }, (_, index) => indented(index + 1)).join("\n"));
function indented(depth) {
	const own = `li[data-depth="${depth}"] > details >`;
	return `${own} .row > .what, ${own} .content, ${own} .own { margin-left: ${depth * 14}px; }`;
}
// src/render/html/page.ts
function pageAround(title) {
	return {
		start: html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trustedMarkup(`default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'`)}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${trustedMarkup(STYLE)}</style>
</head>
<body>
<main>
`,
		end: html`</main>
</body>
</html>
`
	};
}
// src/render/html/message-list.ts
function messageList(messages) {
	return html`<ol class="messages">${messages.map(messageItem)}</ol>`;
}
function messageItem(message) {
	const name = message.name === void 0 ? null : html` <bdi>${message.name}</bdi>`;
	const finish = message.finishReason === void 0 ? null : html` <span class="note">${message.finishReason}</span>`;
	const parts = message.parts.length === 0 ? html`<p class="note">(no content)</p>` : message.parts.map(partOf);
	return html`<li class="message"><p class="role"><bdi>${message.role}</bdi>${name}${finish}</p>${parts}</li>`;
}
function partOf(part) {
	switch (part.type) {
		case "text": return foldedText(part.content);
		case "reasoning": return html`<p class="part">reasoning</p>${foldedText(part.content)}`;
		case "tool_call": return html`<p class="part">calls <code>${part.name}</code>${idOf(part.id)}</p>${part.arguments === void 0 ? null : foldedValue(part.arguments)}`;
		case "tool_result": return html`<p class="part">result${part.name === void 0 ? null : html` of <code>${part.name}</code>`}${idOf(part.id)}</p>${part.result === void 0 ? html`<p class="note">(not recorded)</p>` : foldedValue(part.result)}`;
		case "media": return html`<p class="part">media</p>${foldedText([
			part.modality,
			part.mimeType,
			part.uri
		].filter((fact) => fact !== void 0).join(" · "))}`;
		case "other": return html`<p class="part">other</p>${foldedValue(part.value)}`;
	}
}
function idOf(id) {
	return id === void 0 ? null : html` <span class="note"><bdi>${id}</bdi></span>`;
}
// src/render/html/step-content.ts
function stepContent(step, links) {
	const { span, llmCall } = step;
	return html`<div class="content">
${step.errors.map((error) => html`<p class="fault"><strong>${error.type}</strong></p>${error.message === void 0 ? null : foldedText(error.message)}`)}
${reasonsOf(step).map((text) => section$1("Reason given", foldedText(text)))}
${llmCall && llmContent(llmCall, links)}
${step.toolCalls.map((call) => toolContent(call, span.spanId))}
${step.retrievals.map(retrievalContent)}
${step.memoryOperations.map(memoryContent)}
${step.annotations.map((score) => section$1(`Score from elsewhere: ${score.name}`, foldedText([
		score.value,
		score.label,
		score.explanation,
		score.annotatorKind
	].filter((fact) => fact !== void 0).join(" · "))))}
${spanFacts(step)}
</div>`;
}
function hasContent(step) {
	return step.llmCall !== void 0 || [
		step.toolCalls,
		step.retrievals,
		step.memoryOperations,
		step.errors,
		step.rationales,
		step.annotations
	].some((list) => list.length > 0);
}
function reasonsOf({ rationales, llmCall }) {
	const shown = new Set((llmCall?.output ?? []).flatMap(({ parts }) => parts.flatMap((part) => part.type === "reasoning" ? [part.content] : [])));
	return rationales.map(({ text }) => text).filter((text) => !shown.has(text));
}
function section$1(title, content) {
	return html`<section class="part-of-step"><h4><bdi>${title}</bdi></h4>${content}</section>`;
}
function llmContent(call, links) {
	return html`${facts([
		["model", modelOf(call)],
		["provider", call.provider],
		["agent", call.agent],
		["finish reason", call.finishReason],
		["tokens", tokensOf(call.usage)],
		["cost", call.cost === void 0 ? void 0 : dollars(call.cost)],
		["first token after", call.timeToFirstTokenMs === void 0 ? void 0 : duration(call.timeToFirstTokenMs)],
		["retries", call.retries ?? void 0],
		["prompt", [call.promptName, call.promptVersion].filter(Boolean).join(" ") || void 0],
		["parameters", Object.keys(call.parameters).length === 0 ? void 0 : JSON.stringify(call.parameters)],
		["response id", call.responseId]
	])}${instructionsOf(call, links)}${section$1("Input", inputOf(call, links))}${section$1("Output", call.output === void 0 ? missing() : messageList(call.output))}`;
}
function modelOf({ model, requestModel }) {
	if (requestModel === void 0 || requestModel === model) return model;
	return `${model}, asked for ${requestModel}`;
}
function instructionsOf(call, links) {
	if (call.systemInstructions === void 0) return null;
	const same = links.sameInstructions.get(call.spanId);
	return section$1("System instructions", same === void 0 ? foldedText(call.systemInstructions) : html`<p class="note">the same as in ${links.link(same)}</p>`);
}
function inputOf(call, links) {
	if (call.input === void 0) return missing();
	if (call.input.length === 0) return html`<p class="note">(empty)</p>`;
	return html`<ol class="messages">${(links.told.get(call.spanId) ?? []).map((told) => "message" in told ? messageItem(told.message) : html`<li class="earlier note">${count(told.earlier, "earlier message")}, the last of them in ${links.link(told.spanId)}</li>`)}</ol>`;
}
function toolContent(call, spanId) {
	return section$1(`Tool ${call.spanId === spanId ? call.name : `${call.name} (a call without a span of its own)`}`, html`${facts([
		["agent", call.agent],
		["call id", call.callId],
		["failed with", call.spanId === spanId ? void 0 : call.error?.type]
	])}<h5>Arguments</h5>${call.arguments === void 0 ? missing() : foldedValue(call.arguments)}<h5>Result</h5>${call.result === void 0 ? missing() : foldedValue(call.result)}`);
}
function retrievalContent({ query, documents }) {
	const found = documents === void 0 ? missing() : html`<ol class="documents">${documents.map(documentItem)}</ol>${documents.length === 0 && html`<p class="note">(none)</p>`}`;
	return html`${section$1("Query", query === void 0 ? missing() : foldedText(query))}${section$1("Documents", found)}`;
}
function documentItem(one) {
	return html`<li>${facts([
		["id", one.id],
		["score", one.score],
		["metadata", one.metadata === void 0 ? void 0 : JSON.stringify(one.metadata)]
	])}${one.content === void 0 ? missing() : foldedText(one.content)}</li>`;
}
function memoryContent(operation) {
	return section$1(`Memory: ${operation.operation}`, html`${facts([["store", operation.storeId], ["query", operation.query]])}${operation.records === void 0 ? missing() : foldedValue(operation.records)}`);
}
function spanFacts({ span }) {
	const attributes = Object.entries(span.attributes);
	const list = facts([
		["span", span.spanId],
		["name", span.name],
		["kind", span.kind],
		["scope", span.scope],
		["started", new Date(span.startTime).toISOString()],
		["status", [span.status.code, span.status.message].filter(Boolean).join(": ")]
	]);
	const others = attributes.length === 0 ? null : html`<dl class="attributes">${attributes.map(([key, value]) => html`<dt><bdi>${key}</bdi></dt><dd>${foldedValue(value)}</dd>`)}</dl>`;
	return html`<details class="fold"><summary>${attributes.length === 0 ? "Span" : `Span and ${count(attributes.length, "other attribute")}`}</summary>${list}${others}</details>`;
}
function facts(list) {
	const known = list.filter(([, value]) => value !== void 0);
	if (known.length === 0) return null;
	return html`<dl class="facts">${known.map(([name, value]) => html`<div><dt>${name}</dt><dd><bdi>${value}</bdi></dd></div>`)}</dl>`;
}
function tokensOf(usage) {
	const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens } = usage;
	return [
		inputTokens === void 0 ? void 0 : `${whole$1(inputTokens)} in`,
		outputTokens === void 0 ? void 0 : `${whole$1(outputTokens)} out`,
		cacheReadTokens === void 0 ? void 0 : `${whole$1(cacheReadTokens)} of the input from cache`,
		cacheWriteTokens === void 0 ? void 0 : `${whole$1(cacheWriteTokens)} of the input into cache`,
		reasoningTokens === void 0 ? void 0 : `${whole$1(reasoningTokens)} of the output for reasoning`
	].filter((text) => text !== void 0).join(", ") || void 0;
}
function missing() {
	return html`<p class="note">(not recorded)</p>`;
}
// src/render/html/gate/evidence-chart.ts
const MAX_BARS = 40;
const ROW = 24;
const NAMES = 320;
const BARS = 520;
function evidenceChart(verdict, limit) {
	const cases = verdict.cases.filter(({ evidence, blocking }) => blocking && evidence > 1).toSorted((a, b) => b.evidence - a.evidence);
	const rows = [{
		name: "all cases",
		evidence: verdict.evidence,
		bad: verdict.evidence >= limit
	}, ...cases.slice(0, MAX_BARS).map(({ caseId, scorer, evidence, outcome }) => {
		return {
			name: `${cut(caseId)}, ${cut(scorer)}`,
			evidence,
			bad: outcome === "regressed"
		};
	})];
	const height = (rows.length + 1) * ROW;
	const width = 920;
	const at = (evidence) => Math.round(share(evidence, limit) * BARS);
	const bars = rows.map(({ name, evidence, bad }, index) => {
		const top = (index + 1) * ROW;
		return html`<text x="${312}" y="${top + 15}" text-anchor="end" fill="currentColor" font-size="12">${name}</text>
<path class="${bad ? "failed" : "unscored"}" fill="currentColor" d="M${NAMES} ${top + 4}h${Math.max(1, at(evidence))}v${14}H${NAMES}z"/>
<text x="${NAMES + at(evidence) + 6}" y="${top + 15}" fill="currentColor" font-size="12">${odds(evidence)}</text>
`;
	});
	const left = cases.length > MAX_BARS && html`<p class="note">${cases.length - MAX_BARS} more are in the table.</p>`;
	return html`<div class="wide"><svg role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><title>Evidence of a break, by case</title>
<path class="failed" stroke="currentColor" stroke-dasharray="4 3" d="M${NAMES + at(limit)} 18V${height}"/>
<text x="${NAMES + at(limit)}" y="13" text-anchor="middle" fill="currentColor" font-size="12">${odds(limit)}: the gate blocks</text>
${bars}</svg></div>${left}`;
}
function share(evidence, limit) {
	return evidence <= 1 ? 0 : Math.min(1, Math.log(evidence) / (2 * Math.log(limit)));
}
function cut(text) {
	return text.length > 24 ? `${text.slice(0, 23)}…` : text;
}
// src/render/tree-order.ts
function inTreeOrder(trace) {
	const known = new Set(trace.spans.map((span) => span.spanId));
	const children = Map.groupBy(trace.spans, (span) => span.parentSpanId !== null && known.has(span.parentSpanId) ? span.parentSpanId : "");
	const placed = [];
	const done = new Set();
	const walk = (roots) => {
		const stack = roots.toReversed().map((span) => ({
			span,
			depth: 0
		}));
		for (let next = stack.pop(); next; next = stack.pop()) {
			if (done.has(next.span.spanId)) continue;
			done.add(next.span.spanId);
			placed.push(next);
			const depth = next.depth + 1;
			for (const span of (children.get(next.span.spanId) ?? []).toReversed()) stack.push({
				span,
				depth
			});
		}
	};
	walk(children.get("") ?? []);
	walk(trace.spans.filter((span) => !done.has(span.spanId)));
	return placed;
}
// src/render/steps.ts
function stepsOf(trace) {
	const place = (call) => call.spanId ?? call.parentSpanId ?? "";
	const llmCalls = Map.groupBy(trace.llmCalls, place);
	const toolCalls = Map.groupBy(trace.toolCalls, place);
	const retrievals = Map.groupBy(trace.retrievals, place);
	const memoryOperations = Map.groupBy(trace.memoryOperations, place);
	const errors = Map.groupBy(trace.errors, place);
	const rationales = Map.groupBy(trace.rationales, place);
	const annotations = Map.groupBy(trace.annotations, place);
	return inTreeOrder(trace).map(({ span, depth }) => ({
		span,
		depth,
		llmCall: llmCalls.get(span.spanId)?.[0],
		toolCalls: toolCalls.get(span.spanId) ?? [],
		retrievals: retrievals.get(span.spanId) ?? [],
		memoryOperations: memoryOperations.get(span.spanId) ?? [],
		errors: errors.get(span.spanId) ?? [],
		rationales: rationales.get(span.spanId) ?? [],
		annotations: annotations.get(span.spanId) ?? []
	}));
}
function digestOf(step) {
	const [error] = step.errors;
	if (error) return error.message ? `${error.type}: ${error.message}` : error.type;
	const [tool] = step.toolCalls;
	if (tool && !step.llmCall) return `${JSON.stringify(tool.arguments) ?? ""} → ${JSON.stringify(tool.result) ?? "(no result recorded)"}`;
	if (step.llmCall) return [step.llmCall.model, step.llmCall.finishReason].filter(Boolean).join(" ");
	const [retrieval] = step.retrievals;
	if (retrieval) {
		const found = retrieval.documents ? count(retrieval.documents.length, "document") : "(no documents recorded)";
		return `${retrieval.query ?? ""} → ${found}`;
	}
	const [memory] = step.memoryOperations;
	if (memory) return [memory.operation, memory.query].filter(Boolean).join(" ");
	return "";
}
function saidBy(call) {
	const output = call.output ?? [];
	return output.map(textOf).join(" ").trim() || asked(output);
}
function asked(output) {
	return output.flatMap((message) => message.parts).flatMap((part) => part.type === "tool_call" ? [`${part.name}(${JSON.stringify(part.arguments) ?? ""})`] : []).join(", ");
}
// src/render/call-graph.ts
function callGraph(trace) {
	const graph = new GraphBuilder();
	const agentAt = agentFinder(trace);
	const names = agentNames(trace, agentAt);
	const nameOf = (agent) => agent && (names.get(agent.spanId) ?? nameIn(agent.name));
	for (const span of trace.spans) {
		if (span.type !== "agent") continue;
		const name = nameOf(span) ?? "";
		const caller = nameOf(agentAt(span.parentSpanId));
		const node = graph.run("agent", name, span.status.code === "error");
		if (caller !== void 0 && caller !== name) graph.call(graph.node("agent", caller), node);
	}
	for (const call of trace.toolCalls) {
		const caller = call.agent ?? nameOf(agentAt(call.parentSpanId));
		const tool = graph.run("tool", call.name, call.error !== null);
		if (caller !== void 0) graph.call(graph.node("agent", caller), tool);
	}
	return graph.finish();
}
function hasSeveralAgents(graph) {
	return graph.nodes.filter((node) => node.kind === "agent").length > 1;
}
function agentNames(trace, agentAt) {
	const names = new Map();
	for (const { agent, parentSpanId } of [
		...trace.llmCalls,
		...trace.toolCalls,
		...trace.retrievals
	]) {
		const around = agent === void 0 ? void 0 : agentAt(parentSpanId);
		if (around && agent !== void 0 && !names.has(around.spanId)) names.set(around.spanId, agent);
	}
	return names;
}
function agentFinder(trace) {
	const byId = new Map(trace.spans.map((span) => [span.spanId, span]));
	const known = new Map();
	return (from) => {
		const way = [];
		let found;
		for (let id = from; id !== null;) {
			if (known.has(id)) {
				found = known.get(id);
				break;
			}
			way.push(id);
			known.set(id, void 0);
			const span = byId.get(id);
			if (span?.type === "agent") {
				found = span;
				break;
			}
			id = span?.parentSpanId ?? null;
		}
		for (const id of way) known.set(id, found);
		return found;
	};
}
function nameIn(spanName) {
	return spanName.replace(/^(invoke_agent|create_agent)\s+(?=\S)/, "");
}
var GraphBuilder = class {
	#nodes = [];
	#places = new Map();
	#edges = new Map();
	node(kind, name) {
		const key = `${kind} ${name}`;
		const place = this.#places.get(key) ?? this.#nodes.push({
			kind,
			name,
			runs: 0,
			failed: 0
		}) - 1;
		this.#places.set(key, place);
		return place;
	}
	run(kind, name, failed) {
		const place = this.node(kind, name);
		const node = this.#nodes[place];
		if (node) {
			node.runs += 1;
			if (failed) node.failed += 1;
		}
		return place;
	}
	call(from, to) {
		const key = `${from} ${to}`;
		const edge = this.#edges.get(key);
		if (edge) edge.count += 1;
		else this.#edges.set(key, {
			from,
			to,
			count: 1
		});
	}
	finish() {
		const edges = [...this.#edges.values()];
		const depths = this.#depths(edges);
		return {
			nodes: this.#nodes.map((node, place) => ({
				...node,
				depth: depths.get(place) ?? 0
			})),
			edges
		};
	}
	#depths(edges) {
		const isAgent = (place) => this.#nodes[place]?.kind === "agent";
		const called = new Set(edges.map((edge) => edge.to));
		const callees = Map.groupBy(edges, (edge) => edge.from);
		const depths = new Map();
		const reach = (starts) => {
			const queue = [...starts];
			for (const start of starts) depths.set(start, 0);
			for (const place of queue) for (const { to } of callees.get(place) ?? []) {
				if (!isAgent(to) || depths.has(to)) continue;
				depths.set(to, (depths.get(place) ?? 0) + 1);
				queue.push(to);
			}
		};
		const agents = this.#nodes.keys().filter(isAgent).toArray();
		reach(agents.filter((place) => !called.has(place)));
		for (const place of agents) if (!depths.has(place)) reach([place]);
		return depths;
	}
};
// src/render/told-once.ts
function toldOnce(calls) {
	const keys = new MessageKeys(() => ({}));
	const told = new Map();
	const inputs = new Map();
	for (const call of calls) {
		const met = new Map();
		const tell = (message) => {
			const { loose: key, isEmpty } = keys.of(message);
			if (isEmpty) return null;
			const time = met.get(key) ?? 0;
			met.set(key, time + 1);
			const places = told.get(key);
			const place = places?.[time];
			if (place !== void 0) return place;
			if (places) places.push(call.spanId);
			else told.set(key, [call.spanId]);
			return null;
		};
		inputs.set(call.spanId, fold(call.input ?? [], tell));
		for (const message of call.output ?? []) tell(message);
	}
	return inputs;
}
function fold(messages, tell) {
	const folded = [];
	for (const message of messages) {
		const spanId = tell(message);
		const last = folded.at(-1);
		if (spanId === null) folded.push({ message });
		else if (last && "earlier" in last) folded[folded.length - 1] = {
			earlier: last.earlier + 1,
			spanId
		};
		else folded.push({
			earlier: 1,
			spanId
		});
	}
	return folded;
}
// src/render/html/call-graph-svg.ts
const NODE = {
	width: 190,
	height: 40
};
const GAP = {
	column: 120,
	row: 22
};
const EDGE = 14;
const STRIDE = {
	column: NODE.width + GAP.column,
	row: NODE.height + GAP.row
};
function callGraphSvg(graph, id) {
	const places = layOut(graph);
	const width = Math.max(...places.map((place) => place.x)) + NODE.width + EDGE;
	const height = Math.max(...places.map((place) => place.y)) + NODE.height + EDGE;
	const edges = graph.edges.map((edge, index) => {
		const before = graph.edges.slice(0, index).filter((other) => other.to === edge.to).length;
		return edgeOf(edge, graph, places, Math.max(.3, .7 - before * .15));
	});
	const nodes = graph.nodes.map((node, index) => nodeOf(node, places[index] ?? {
		x: 0,
		y: 0
	}));
	return html`<div class="graph" tabindex="0" role="region" aria-label="Graph of who called whom"><svg role="img" aria-labelledby="${id}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><title id="${id}">${sentence(graph)}</title><defs><marker id="${id}-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse" markerUnits="userSpaceOnUse"><path d="M0 0 8 4 0 8z"/></marker></defs>${edges.map(({ path, thick }) => html`<path class="edge" marker-end="url(#${id}-tip)" stroke-width="${thick}" d="${path}"/>`)}${nodes}${edges.map(({ label, x, y }) => html`<text class="count" x="${x}" y="${y}">${label}</text>`)}</svg></div>${callTable(graph)}`;
}
function layOut({ nodes, edges }) {
	const callers = Map.groupBy(edges, (edge) => edge.to);
	const columns = nodes.map((node, index) => {
		if (node.kind === "agent") return node.depth;
		return 1 + Math.max(-1, ...(callers.get(index) ?? []).map(({ from }) => nodes[from]?.depth ?? 0));
	});
	const rows = new Map();
	for (let column = 0; column <= Math.max(...columns); column++) {
		const weighed = nodes.flatMap(({ kind }, index) => {
			if (columns[index] !== column) return [];
			const above = (callers.get(index) ?? []).flatMap(({ from }) => rows.get(from) ?? []);
			return {
				index,
				mean: above.reduce((sum, row) => sum + row, 0) / (above.length || 1),
				isTool: kind === "tool"
			};
		});
		weighed.sort((one, other) => one.mean - other.mean || Number(one.isTool) - Number(other.isTool) || one.index - other.index);
		weighed.forEach(({ index }, row) => {
			rows.set(index, row);
		});
	}
	const heights = Map.groupBy(columns, (column) => column);
	const tallest = Math.max(...heights.values().map((column) => column.length));
	return columns.map((column, index) => {
		const above = (tallest - (heights.get(column)?.length ?? 0)) / 2;
		return {
			x: EDGE + column * STRIDE.column,
			y: EDGE + ((rows.get(index) ?? 0) + above) * STRIDE.row
		};
	});
}
function nodeOf(node, { x, y }) {
	const runs = node.runs === 0 ? "" : `${node.kind} · ${count(node.runs, "run")}`;
	const line = node.failed === 0 ? runs : `${runs}, ${node.failed} failed`;
	return html`<g class="node ${node.kind}${node.failed === 0 ? "" : " failed"}"><title>${node.name}</title><rect x="${x}" y="${y}" width="${NODE.width}" height="${NODE.height}" rx="${node.kind === "agent" ? 10 : 2}"/><text x="${x + 12}" y="${y + 17}">${teaser(node.name, 24)}</text><text class="runs" x="${x + 12}" y="${y + 32}">${line}</text></g>`;
}
function edgeOf(edge, { nodes }, places, share) {
	const from = places[edge.from] ?? ORIGIN;
	const to = places[edge.to] ?? ORIGIN;
	let at = {
		x: from.x + NODE.width,
		y: from.y + NODE.height / 2
	};
	let path = `M${at.x} ${at.y}`;
	const forwards = to.x > from.x;
	for (let x = from.x + STRIDE.column; forwards && x < to.x; x += STRIDE.column) {
		const y = gapNear(at.y, x, places);
		path += `${curve(at, {
			x,
			y
		}, GAP.column / 2)} H${x + NODE.width}`;
		at = {
			x: x + NODE.width,
			y
		};
	}
	const end = {
		x: forwards ? to.x : to.x + NODE.width,
		y: to.y + NODE.height / 2
	};
	const bend = forwards ? (end.x - at.x) / 2 : GAP.column * .7;
	const controlX = forwards ? end.x - bend : end.x + bend;
	return {
		path: path + curve(at, end, bend, controlX),
		thick: nodes[edge.to]?.kind === "tool" ? 1.25 : 1.75,
		label: `×${edge.count}`,
		x: Math.round(onCurve(share, at.x, at.x + bend, controlX, end.x)),
		y: Math.round(onCurve(share, at.y, at.y, end.y, end.y)) - 4
	};
}
const ORIGIN = {
	x: 0,
	y: 0
};
function curve(from, to, bend, controlX = to.x - bend) {
	return ` C${from.x + bend} ${from.y} ${controlX} ${to.y} ${to.x} ${to.y}`;
}
function onCurve(share, one, two, three, four) {
	const left = 1 - share;
	return left ** 3 * one + 3 * left ** 2 * share * two + 3 * left * share ** 2 * three + share ** 3 * four;
}
function gapNear(height, x, places) {
	const lines = places.filter((place) => place.x === x).flatMap(({ y }) => [y - GAP.row / 2, y + NODE.height + GAP.row / 2]);
	return lines.reduce((best, line) => Math.abs(line - height) < Math.abs(best - height) ? line : best, lines[0] ?? height);
}
function sentence({ nodes }) {
	const agents = nodes.filter((node) => node.kind === "agent").length;
	return `${count(agents, "agent")} and ${count(nodes.length - agents, "tool")}; the table below says who called whom`;
}
function callTable({ nodes, edges }) {
	return html`<details class="fold"><summary>Who called whom, as a table</summary><table><thead><tr><th scope="col">caller</th><th scope="col">called</th><th scope="col">kind</th><th scope="col" class="number">times</th></tr></thead><tbody>${edges.map(({ from, to, count: times }) => html`<tr><td><bdi>${nodes[from]?.name}</bdi></td><td><bdi>${nodes[to]?.name}</bdi></td><td>${nodes[to]?.kind}</td><td class="number">${times}</td></tr>`)}</tbody></table></details>`;
}
// src/render/html/score-table.ts
function scoreTable(scores, link) {
	const rank = (score) => [
		false,
		null,
		true
	].indexOf(passed(score));
	return html`<div class="wide"><table class="scores"><thead><tr><th scope="col">scorer</th><th scope="col">result</th><th scope="col">value</th><th scope="col">why</th><th scope="col">evidence</th></tr></thead><tbody>${scores.toSorted((one, other) => rank(one) - rank(other)).map((score) => rowOf$1(score, link))}</tbody></table></div>`;
}
function rowOf$1(score, link) {
	const pass = passed(score);
	const [word, style] = pass === null ? ["unscored", "unscored"] : pass ? ["passed", "passed"] : ["failed", "failed"];
	const value = score.value === null ? score.unscored?.code ?? "" : round(score.value);
	const label = score.label === null ? null : html` <bdi>${score.label}</bdi>`;
	const evidence = score.evidence.map((spanId, index) => html`${index > 0 && ", "}${link(spanId)}`);
	return html`<tr><th scope="row"><bdi>${score.name}</bdi> <span class="note">${score.kind} ${score.version}</span></th><td><strong class="${style}">${word}</strong></td><td>${value}${label}</td><td>${score.explanation !== null && foldedText(score.explanation)}</td><td>${evidence}</td></tr>`;
}
function round(value) {
	return String(Math.round(value * 1e3) / 1e3);
}
// src/render/html/step-tree.ts
const MAX_DEPTH = 32;
const MAX_INDENT = 12;
const MIN_BAR = .4;
const DIGEST$1 = 200;
function stepTree(trace, steps, options) {
	const markup = [];
	let open = 0;
	steps.forEach((step, index) => {
		const depth = Math.min(step.depth, MAX_DEPTH);
		for (; open > depth; open--) markup.push("</ol></details></li>\n");
		const hasSteps = Math.min(steps[index + 1]?.depth ?? 0, MAX_DEPTH) > depth;
		markup.push(stepStart(trace, step, hasSteps, options).markup);
		if (hasSteps) open = depth + 1;
		else markup.push("</details></li>\n");
	});
	for (; open > 0; open--) markup.push("</ol></details></li>\n");
	const total = trace.durationMs;
	return html`<div class="axis row" aria-hidden="true"><span class="what">step</span><span class="bar">${[
		0,
		.25,
		.5,
		.75
	].map((part) => html`<span>${duration(total * part)}</span>`)}</span><span class="took">took</span><span class="tokens">tokens in / out</span><span class="cost">cost</span></div>
<ol class="steps">${trustedMarkup(markup.join(""))}</ol>`;
}
function stepStart(trace, step, hasSteps, options) {
	const open = (hasSteps || step.errors.length > 0) && trustedMarkup(" open");
	const content = stepContent(step, options);
	const own = hasContent(step) ? html`<details class="own"><summary class="note">what it got and gave</summary>${content}</details>` : html`<div class="own">${spanFacts(step)}</div>`;
	return html`<li id="${options.anchor(step.span.spanId)}" data-depth="${Math.min(step.depth, MAX_INDENT)}"><details${open}><summary class="row">${rowOf(trace, step)}</summary>${hasSteps ? html`${own}<ol>` : content}`;
}
function rowOf(trace, step) {
	const { span, llmCall } = step;
	const failed = step.errors.length > 0;
	const said = llmCall && !failed ? saidBy(llmCall) : "";
	const digest = teaser([digestOf(step), said].filter(Boolean).join(" · "), DIGEST$1);
	const tokens = llmCall && tokensInOut(llmCall.usage);
	const since = duration(Math.max(0, span.startTime - trace.startTime));
	return html`<span class="what"><span class="type ${span.type}">${span.type}</span> <bdi class="name">${span.name}</bdi>${failed && html` <strong class="failed">failed</strong>`}${digest !== "" && html`<bdi class="digest">${digest}</bdi>`}</span><span class="bar">${barOf(trace, step, failed)}<span class="unseen">, began at ${since}, took </span></span><span class="took">${span.endTime === 0 ? "never ended" : duration(span.durationMs)}</span><span class="tokens">${tokens !== void 0 && html`<span class="unseen">, tokens in and out </span>${tokens}`}</span><span class="cost">${llmCall?.cost !== void 0 && html`<span class="unseen">, cost </span>${dollars(llmCall.cost)}`}</span>`;
}
function tokensInOut({ inputTokens, outputTokens }) {
	if (inputTokens === void 0 && outputTokens === void 0) return void 0;
	return [inputTokens, outputTokens].map((tokens) => tokens === void 0 ? "?" : whole$1(tokens)).join(" / ");
}
function barOf(trace, { span }, failed) {
	const total = trace.durationMs || 1;
	const end = span.endTime === 0 ? trace.endTime : span.endTime;
	const left = clamp((span.startTime - trace.startTime) / total * 100, 0, 99.6);
	const width = clamp((end - span.startTime) / total * 100, MIN_BAR, 100 - left);
	const mark = failed && html`<circle class="fault" cx="${percent(left + width)}" cy="7" r="4"/>`;
	return html`<svg aria-hidden="true" focusable="false" width="100%" height="14"><rect class="${span.type}${span.endTime === 0 ? " endless" : ""}" x="${percent(left)}" y="2" width="${percent(width)}" height="10" rx="2"/>${mark}</svg>`;
}
function clamp(value, least, most) {
	return Math.min(Math.max(value, least), most);
}
function percent(value) {
	return `${Math.round(value * 100) / 100}%`;
}
function stepCount(steps) {
	const failed = steps.filter((step) => step.errors.length > 0).length;
	return `${count(steps.length, "step")}${failed === 0 ? "" : `, ${failed} failed`}`;
}
// src/render/html/trace-article.ts
function traceArticle({ trace, scores }, prefix) {
	const steps = stepsOf(trace);
	const { anchor, link } = anchorsOf(steps, prefix);
	const graph = callGraph(trace);
	const tree = stepTree(trace, steps, {
		anchor,
		link,
		told: toldOnce(trace.llmCalls),
		sameInstructions: sameInstructions(trace)
	});
	return html`<article aria-labelledby="${prefix}-name">
<h1 id="${prefix}-name"><bdi>${trace.name || "trace"}</bdi></h1>
${headline(trace)}
${exchange(trace)}
${scores && section("Scores", scores.length === 0 ? html`<p class="note">(none)</p>` : scoreTable(scores, link))}
${quality(trace, link)}
${hasSeveralAgents(graph) && section("Who called whom", callGraphSvg(graph, `${prefix}-graph`))}
${section("Steps", html`<p class="note">${stepCount(steps)}. Every row opens; long texts open in full.</p>${steps.length > 0 && tree}`)}
${lostCalls(trace)}
${conversation(trace)}
</article>
`;
}
function section(title, content) {
	return html`<section><h2>${title}</h2>${content}</section>`;
}
function anchorsOf(steps, prefix) {
	const places = new Map(steps.map((step, index) => [step.span.spanId, {
		step,
		id: `${prefix}-s${index + 1}`
	}]));
	return {
		anchor: (spanId) => places.get(spanId)?.id ?? `${prefix}-s0`,
		link(spanId) {
			const place = places.get(spanId);
			if (!place) return html`<code>${spanId}</code>`;
			return html`<a href="#${place.id}"><bdi>${place.step.span.name || spanId}</bdi></a>`;
		}
	};
}
function headline(trace) {
	const { agent, service, cost } = trace;
	const both = (name, version) => name === void 0 ? version : version === void 0 ? name : `${name} ${version}`;
	const usd = cost.usd === void 0 ? "unknown" : `${dollars(cost.usd)}${cost.source ? `, ${cost.source}` : ""}`;
	return facts([
		["agent", both(agent.name, agent.version)],
		["service", both(service.name, service.version)],
		["environment", service.environment],
		["started", new Date(trace.startTime).toISOString()],
		["took", duration(trace.durationMs)],
		["steps", count(trace.spans.length, "span")],
		["model calls", trace.llmCalls.length],
		["tool calls", trace.toolCalls.length],
		["tokens", tokensOf(trace.usage) ?? "unknown"],
		["cost", usd],
		["without a price", cost.unpricedModels.join(", ") || void 0],
		["errors", trace.errors.length],
		["retries", trace.retries ?? "unknown"],
		["outcome", trace.outcome],
		["session", trace.sessionId],
		["user", trace.userId],
		["organisation", trace.organisationId],
		["feature", trace.feature],
		["tags", trace.tags.join(", ") || void 0],
		["complete", trace.completion && `${trace.completion}, revision ${trace.revision}`],
		["trace", trace.traceId]
	]);
}
function exchange(trace) {
	const shown = (text) => text === void 0 ? html`<p class="note">(not recorded)</p>` : foldedText(text);
	const instructions = trace.systemInstructions !== void 0 && html`<details class="fold"><summary>System instructions</summary><pre>${trace.systemInstructions}</pre></details>`;
	return html`<section class="exchange"><div><h2>Asked</h2>${shown(trace.input)}</div><div><h2>Answered</h2>${shown(trace.output)}</div>${instructions}</section>`;
}
function quality({ quality: { dialects, missing, issues } }, link) {
	const spans = (spanIds) => spanIds.length > 0 && html`<details class="fold"><summary class="note">${count(spanIds.length, "span")}</summary><p>${spanIds.map((spanId, index) => html`${index > 0 && ", "}${link(spanId)}`)}</p></details>`;
	const items = issues.map((issue) => html`<li><code>${issue.code}</code> ${issue.message}${spans(issue.spanIds)}</li>`);
	return section("What the trace can tell", html`${items.length > 0 && html`<ul class="issues">${items}</ul>`}${facts([["not recorded", missing.join(", ") || "nothing is missing"], ["written as", dialects.join(", ") || "no known dialect"]])}`);
}
function lostCalls(trace) {
	const known = new Set(trace.spans.map((span) => span.spanId));
	const lost = trace.toolCalls.filter((call) => !known.has(call.spanId ?? call.parentSpanId ?? ""));
	if (lost.length === 0) return null;
	return section("Tool calls without a span", html`<ul>${lost.map((call) => html`<li><code>${call.name}</code> ${foldedText(`${JSON.stringify(call.arguments) ?? ""} → ${JSON.stringify(call.result) ?? "(not recorded)"}`)}</li>`)}</ul>`);
}
function conversation({ messages, llmCalls }) {
	if (messages.length === 0) return null;
	const told = llmCalls.some((call) => call.input !== void 0 || call.output !== void 0);
	const list = messageList(messages);
	return section("Conversation", told ? html`<details class="fold"><summary>${count(messages.length, "message")}, each once</summary>${list}</details>` : list);
}
function sameInstructions({ llmCalls, spans }) {
	const known = new Set(spans.map((span) => span.spanId));
	const first = new Map();
	const same = new Map();
	for (const { systemInstructions, spanId } of llmCalls) {
		if (systemInstructions === void 0 || !known.has(spanId)) continue;
		const shown = first.get(systemInstructions);
		if (shown !== void 0) same.set(spanId, shown);
		else first.set(systemInstructions, spanId);
	}
	return same;
}
// src/render/html/gate/then-and-now.ts
const DIGEST = 200;
function thenAndNow({ origin, mainNow, result, prefix }) {
	const main = origin?.main;
	const older = [mainNow && main && html`<details><summary>Earlier, on main</summary>${onMain(main)}</details>`, (mainNow || main) && html`<details><summary>In production, when the case was made</summary>${then(origin)}</details>`];
	const before = mainNow ? html`<h4>Main, now, trial ${mainNow.trial}</h4>${now(mainNow)}` : main ? html`<h4>Then, on main</h4>${onMain(main)}` : html`<h4>Then, in production</h4>${then(origin)}`;
	const traces = [mainNow?.trace && whole(mainNow.trace, mainNow, {
		prefix: `${prefix}m`,
		name: "The whole trace of main"
	}), result?.trace && whole(result.trace, result, {
		prefix,
		name: "The whole trace"
	})];
	return html`<div class="exchange"><div>${before}</div><div><h4>Now, with this change${result && `, trial ${result.trial}`}</h4>${now(result)}</div>${older}${traces}</div>`;
}
function onMain({ commit, at, answer, recording }) {
	const when = new Date(at).toISOString().slice(0, 10);
	return html`<h5>Steps</h5>${recordedSteps(recording)}<h5>Answered</h5>${answer === void 0 ? html`<p class="note">(not recorded)</p>` : foldedText(answer)}
<p class="note">Passed on ${when}${commit !== null && html`, commit <bdi>${commit}</bdi>`}</p>`;
}
function then(origin) {
	if (!origin) return html`<p class="note">(the case is not in the dataset)</p>`;
	const { case: one, recording } = origin;
	const asked = html`<h5>Asked</h5>${messageList(one.input.messages)}`;
	if (one.source.kind === "written") return html`${asked}<p class="note">Written by hand: there was no run.</p>${one.source.note && foldedText(one.source.note)}`;
	const { answer, endedAt, traceId, condemned } = one.source;
	return html`${asked}<h5>Steps</h5>${recording ? recordedSteps(recording) : html`<p class="note">(no recording)</p>`}
<h5>Answered</h5>${answer === void 0 ? html`<p class="note">(not recorded)</p>` : foldedText(answer)}
<h5>Condemned by</h5><ul>${condemned.map(({ scorer, explanation }) => html`<li><bdi>${scorer}</bdi>${explanation !== null && html`: ${explanation}`}</li>`)}</ul>
<p class="note">Trace ${traceId}, ended ${endedAt}</p>`;
}
function recordedSteps({ toolCalls, llmCalls, truncated }) {
	const models = llmCalls.map(({ model, error, finishReason }) => html`<li><span class="type llm">llm</span> <span class="name"><bdi>${model ?? "model"}</bdi></span> <span class="digest">${error ?? finishReason}</span></li>`);
	return html`<ol>${toolCalls.map(recordedCall)}${models}</ol>${truncated && html`<p class="note">Calls were left out because of the size.</p>`}`;
}
function recordedCall({ kind: special, name, arguments: given, result, error }) {
	const kind = special ?? "tool";
	const text = `${JSON.stringify(given) ?? ""} → ${error ?? JSON.stringify(result) ?? "(not recorded)"}`;
	return html`<li><span class="type ${kind}">${kind}</span> <span class="name"><bdi>${name}</bdi></span> <span class="digest ${error === null ? "" : "failed"}">${teaser(text, DIGEST)}</span></li>`;
}
function now(result) {
	if (!result) return html`<p class="note">(not tried)</p>`;
	const { trace, fault } = result;
	if (fault) return html`<p class="fault"><strong>${fault.code}</strong></p>${foldedText(fault.message)}`;
	if (!trace) return html`<p class="note">(no trace)</p>`;
	const steps = stepsOf(trace).map((step) => {
		const { name, type } = step.span;
		return html`<li><span class="type ${type}">${type}</span> <span class="name"><bdi>${name}</bdi></span> <span class="digest ${step.errors.length > 0 ? "failed" : ""}">${teaser(digestOf(step), DIGEST)}</span></li>`;
	});
	return html`<h5>Asked</h5>${trace.input === void 0 ? html`<p class="note">(not recorded)</p>` : foldedText(trace.input)}<h5>Steps, ${duration(trace.durationMs)}</h5><ol>${steps}</ol>
<h5>Answered</h5>${trace.output === void 0 ? html`<p class="note">(not recorded)</p>` : foldedText(trace.output)}`;
}
function whole(trace, { scores }, { prefix, name }) {
	return html`<details class="trace"><summary>${name}</summary>${traceArticle({
		trace,
		scores
	}, prefix)}</details>`;
}
// src/render/html/gate/gate-page.ts
const MAX_TRACES = 60;
const TITLES = [
	["regressed", "Regressed"],
	["stale", "Failing on main now"],
	["undecided", "Inconclusive"],
	["unscored", "Without a value"],
	["fixed", "Fixed"],
	["new", "New"],
	["still-failing", "Failing on main too"],
	["held", "Held"]
];
const WITH_TRACES = new Set([
	"regressed",
	"stale",
	"undecided",
	"unscored",
	"fixed"
]);
function casesWithRuns({ cases }) {
	return [...new Set(cases.filter(({ outcome }) => WITH_TRACES.has(outcome)).map(({ caseId }) => caseId))];
}
const STYLES = {
	pass: "passed",
	block: "failed",
	inconclusive: "unscored",
	stale: "unscored"
};
function* gatePage(report, options) {
	const { verdict, run } = report;
	const page = pageAround(`tracegate: ${verdict.status}`);
	yield page.start.markup;
	yield html`<h1>tracegate: <strong class="${STYLES[verdict.status]}">${verdict.status}</strong></h1>
<p>${verdict.title}</p>
${list(verdict.reasons)}
${facts([
		["dataset", run.dataset],
		["commit", options.commit || run.commit || "unknown"],
		["trials", run.results.length],
		["main tried again", controlText(report)],
		report.spent ? ["spent", spentText(report.spent)] : ["took", duration(Math.max(0, report.finishedAt - run.startedAt))]
	])}
${list(report.notes)}
${verdict.cases.length > 0 && html`<section><h2>Evidence of a break</h2>${evidenceChart(verdict, options.limit)}</section>`}
`.markup;
	let shown = 0;
	for (const [outcome, title] of TITLES) {
		const cases = verdict.cases.filter((one) => one.outcome === outcome);
		if (cases.length === 0) continue;
		yield html`<section><h2>${title} (${cases.length})</h2>${caseTable(cases)}`.markup;
		const told = WITH_TRACES.has(outcome) ? cases.slice(0, Math.max(0, MAX_TRACES - shown)) : [];
		for (const one of told) {
			shown += 1;
			yield caseDetails(report, one, options, `c${shown}`).markup;
		}
		if (WITH_TRACES.has(outcome) && told.length < cases.length) yield html`<p class="note">${count(cases.length - told.length, "more case")} without traces here; the JSON report has them.</p>`.markup;
		yield "</section>\n";
	}
	yield page.end.markup;
}
function controlText({ verdict: { controlled }, control }) {
	if (controlled === void 0) return void 0;
	if (controlled !== true) return "no";
	return control && `${count(control.results.length, "trial")} of ${control.base}, commit ${control.commit}`;
}
function list(sentences) {
	return sentences.length > 0 && html`<ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`;
}
function caseTable(cases) {
	return html`<div class="wide"><table><thead><tr><th scope="col">case</th><th scope="col">scorer</th><th scope="col">state</th><th scope="col" class="number">main</th><th scope="col" class="number">this change</th><th scope="col" class="number">evidence</th></tr></thead><tbody>${cases.map((one) => html`<tr><th scope="row"><bdi>${one.caseId}</bdi></th><td><bdi>${one.scorer}</bdi>${!one.blocking && " (advisory)"}</td><td>${one.state}</td><td class="number">${one.main.passes} of ${one.main.trials}${one.control && `, now ${one.control.main.passes} of ${one.control.main.trials}`}</td><td class="number">${one.candidate.passes} of ${one.candidate.trials}${one.unscored > 0 && `, ${one.unscored} unscored`}</td><td class="number">${odds(one.evidence)}</td></tr>`)}</tbody></table></div>`;
}
function caseDetails(report, one, options, prefix) {
	const pair = pairedRun(report, one);
	const result = pair?.change ?? tellingTrial(report.run.results, one);
	const score = result?.scores.find(({ name }) => name === one.scorer);
	const why = score?.explanation ?? score?.unscored?.code;
	const name = html`<bdi>${one.caseId}</bdi> <span class="note"><bdi>${one.scorer}</bdi></span>`;
	const content = html`${why !== void 0 && foldedText(why)}${thenAndNow({
		origin: options.origins.get(one.caseId),
		mainNow: pair?.main,
		result,
		prefix
	})}`;
	return html`<details class="trace"${one.outcome === "regressed" && html` open`}><summary>${name}</summary>${content}</details>
`;
}
function tellingTrial(results, one) {
	const trials = results.filter(({ caseId }) => caseId === one.caseId);
	const wanted = one.outcome === "fixed";
	return trials.findLast(({ scores }) => {
		const score = scores.find(({ name }) => name === one.scorer);
		return (score !== void 0 && passed(score) === true) === wanted;
	}) ?? trials.at(-1);
}
export { odds as a, pairedRuns as i, gatePage as n, spentText as r, casesWithRuns as t };
