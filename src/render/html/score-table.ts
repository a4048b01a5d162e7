import { passed, type Score } from "../../core/score.ts";
import { foldedText } from "./folded-text.ts";
import { type Html, html } from "./html.ts";

/** What the scorers say, failures first. An unscored one shows its reason, never a number. */
export function scoreTable(scores: readonly Score[], link: (spanId: string) => Html): Html {
  const rank = (score: Score) => [false, null, true].indexOf(passed(score));
  const rows = scores.toSorted((one, other) => rank(one) - rank(other)).map((score) => rowOf(score, link));
  return html`<div class="wide"><table class="scores"><thead><tr><th scope="col">scorer</th><th scope="col">result</th><th scope="col">value</th><th scope="col">why</th><th scope="col">evidence</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function rowOf(score: Score, link: (spanId: string) => Html): Html {
  const pass = passed(score);
  const [word, style] =
    pass === null ? ["unscored", "unscored"] : pass ? ["passed", "passed"] : ["failed", "failed"];
  const value = score.value === null ? (score.unscored?.code ?? "") : round(score.value);
  const label = score.label === null ? null : html` <bdi>${score.label}</bdi>`;
  const evidence = score.evidence.map((spanId, index) => html`${index > 0 && ", "}${link(spanId)}`);
  return html`<tr><th scope="row"><bdi>${score.name}</bdi> <span class="note">${score.kind} ${score.version}</span></th><td><strong class="${style}">${word}</strong></td><td>${value}${label}</td><td>${score.explanation !== null && foldedText(score.explanation)}</td><td>${evidence}</td></tr>`;
}

function round(value: number): string {
  return String(Math.round(value * 1_000) / 1_000);
}
