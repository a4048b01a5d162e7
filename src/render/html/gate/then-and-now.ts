import type { Case, RecordedCall, Recording } from "../../../core/case.ts";
import type { PassingRun, Result } from "../../../core/run.ts";
import type { Trace } from "../../../core/trace.ts";
import { duration } from "../../numbers.ts";
import { digestOf, stepsOf } from "../../steps.ts";
import { foldedText, teaser } from "../folded-text.ts";
import { type Html, html } from "../html.ts";
import { messageList } from "../message-list.ts";
import { traceArticle } from "../trace-article.ts";

/** What a case was made of, and what main made of it. */
export interface CaseOrigin {
  readonly case: Case;
  readonly recording?: Recording;
  /** A run on main that passed. */
  readonly main?: PassingRun;
}

/** Characters of a step that are shown in a list. */
const DIGEST = 200;

/** What is known of one case. */
export interface CaseRuns {
  readonly origin: CaseOrigin | undefined;
  /** Main's run of today, where main was tried again. */
  readonly mainNow: Result | undefined;
  /** The change's. */
  readonly result: Result | undefined;
  /** Begins every id, so that several stand on one page. */
  readonly prefix: string;
}

/**
 * What main does with the case beside what the agent does now: question, steps, answer. Main of today where it was tried again; else
 * a kept run of main that passed; else what happened in production when the case was harvested. What is older is folded away below.
 */
export function thenAndNow({ origin, mainNow, result, prefix }: CaseRuns): Html {
  const main = origin?.main;
  const older = [
    mainNow && main && html`<details><summary>Earlier, on main</summary>${onMain(main)}</details>`,
    (mainNow || main) &&
      html`<details><summary>In production, when the case was made</summary>${then(origin)}</details>`,
  ];
  const before = mainNow
    ? html`<h4>Main, now, trial ${mainNow.trial}</h4>${now(mainNow)}`
    : main
      ? html`<h4>Then, on main</h4>${onMain(main)}`
      : html`<h4>Then, in production</h4>${then(origin)}`;
  const traces = [
    mainNow?.trace &&
      whole(mainNow.trace, mainNow, { prefix: `${prefix}m`, name: "The whole trace of main" }),
    result?.trace && whole(result.trace, result, { prefix, name: "The whole trace" }),
  ];
  return html`<div class="exchange"><div>${before}</div><div><h4>Now, with this change${result && `, trial ${result.trial}`}</h4>${now(result)}</div>${older}${traces}</div>`;
}

function onMain({ commit, at, answer, recording }: PassingRun): Html {
  const when = new Date(at).toISOString().slice(0, 10);
  return html`<h5>Steps</h5>${recordedSteps(recording)}<h5>Answered</h5>${answer === undefined ? html`<p class="note">(not recorded)</p>` : foldedText(answer)}
<p class="note">Passed on ${when}${commit !== null && html`, commit <bdi>${commit}</bdi>`}</p>`;
}

function then(origin: CaseOrigin | undefined): Html {
  if (!origin) return html`<p class="note">(the case is not in the dataset)</p>`;
  const { case: one, recording } = origin;
  const asked = html`<h5>Asked</h5>${messageList(one.input.messages)}`;
  if (one.source.kind === "written") {
    return html`${asked}<p class="note">Written by hand: there was no run.</p>${one.source.note && foldedText(one.source.note)}`;
  }
  const { answer, endedAt, traceId, condemned } = one.source;
  return html`${asked}<h5>Steps</h5>${recording ? recordedSteps(recording) : html`<p class="note">(no recording)</p>`}
<h5>Answered</h5>${answer === undefined ? html`<p class="note">(not recorded)</p>` : foldedText(answer)}
<h5>Condemned by</h5><ul>${condemned.map(({ scorer, explanation }) => html`<li><bdi>${scorer}</bdi>${explanation !== null && html`: ${explanation}`}</li>`)}</ul>
<p class="note">Trace ${traceId}, ended ${endedAt}</p>`;
}

/** A recording keeps tools, retrievals and memory in one list and the models in another; how they mixed is not known. */
function recordedSteps({ toolCalls, llmCalls, truncated }: Recording): Html {
  const models = llmCalls.map(
    ({ model, error, finishReason }) =>
      html`<li><span class="type llm">llm</span> <span class="name"><bdi>${model ?? "model"}</bdi></span> <span class="digest">${error ?? finishReason}</span></li>`,
  );
  return html`<ol>${toolCalls.map(recordedCall)}${models}</ol>${truncated && html`<p class="note">Calls were left out because of the size.</p>`}`;
}

function recordedCall({ kind: special, name, arguments: given, result, error }: RecordedCall): Html {
  const kind = special ?? "tool";
  const text = `${JSON.stringify(given) ?? ""} → ${error ?? JSON.stringify(result) ?? "(not recorded)"}`;
  return html`<li><span class="type ${kind}">${kind}</span> <span class="name"><bdi>${name}</bdi></span> <span class="digest ${error === null ? "" : "failed"}">${teaser(text, DIGEST)}</span></li>`;
}

function now(result: Result | undefined): Html {
  if (!result) return html`<p class="note">(not tried)</p>`;
  const { trace, fault } = result;
  if (fault) return html`<p class="fault"><strong>${fault.code}</strong></p>${foldedText(fault.message)}`;
  if (!trace) return html`<p class="note">(no trace)</p>`;
  const steps = stepsOf(trace).map((step) => {
    const { name, type } = step.span;
    return html`<li><span class="type ${type}">${type}</span> <span class="name"><bdi>${name}</bdi></span> <span class="digest ${step.errors.length > 0 ? "failed" : ""}">${teaser(digestOf(step), DIGEST)}</span></li>`;
  });
  return html`<h5>Asked</h5>${trace.input === undefined ? html`<p class="note">(not recorded)</p>` : foldedText(trace.input)}<h5>Steps, ${duration(trace.durationMs)}</h5><ol>${steps}</ol>
<h5>Answered</h5>${trace.output === undefined ? html`<p class="note">(not recorded)</p>` : foldedText(trace.output)}`;
}

function whole(
  trace: Trace,
  { scores }: Result,
  { prefix, name }: { readonly prefix: string; readonly name: string },
): Html {
  return html`<details class="trace"><summary>${name}</summary>${traceArticle({ trace, scores }, prefix)}</details>`;
}
