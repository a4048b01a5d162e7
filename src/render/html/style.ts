/** The style of our pages: light and dark by the reader's choice, narrow and wide, printed. */
export const STYLE = `
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

/** Rows stay as wide as they are, so that all bars share one axis; names and contents go to the right. */
function indented(depth: number): string {
  const own = `li[data-depth="${depth}"] > details >`;
  return `${own} .row > .what, ${own} .content, ${own} .own { margin-left: ${depth * 14}px; }`;
}
