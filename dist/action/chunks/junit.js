import { t as passed } from "./score.js";
// src/render/junit.ts
function junitXml(report) {
	const { verdict, run } = report;
	const tests = verdict.cases.map((one) => testOf(report, one));
	const count = (kind) => tests.filter((test) => test.kind === kind).length;
	const seconds = (ms) => (Math.max(0, ms) / 1e3).toFixed(3);
	const totals = `tests="${tests.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}" time="${seconds(report.finishedAt - run.startedAt)}"`;
	const lines = tests.map(({ one, kind, words, durationMs }) => {
		const head = `<testcase name="${escaped(one.scorer)}" classname="${escaped(one.caseId)}" time="${seconds(durationMs)}"`;
		if (kind === "passed") return `    ${head}/>`;
		return `    ${head}><${kind} message="${escaped(words)}"/></testcase>`;
	});
	return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="tracegate" ${totals}>
  <testsuite name="${escaped(run.dataset)}" ${totals} timestamp="${new Date(run.startedAt).toISOString()}">
    <properties><property name="verdict" value="${verdict.status}"/><property name="title" value="${escaped(verdict.title)}"/><property name="commit" value="${escaped(run.commit ?? "")}"/></properties>
${lines.map((line) => `${line}\n`).join("")}  </testsuite>
</testsuites>
`;
}
function testOf(report, one) {
	const trials = report.run.results.filter(({ caseId }) => caseId === one.caseId);
	const durationMs = trials.reduce((sum, trial) => sum + trial.durationMs, 0);
	const failing = trials.flatMap(({ scores, fault }) => {
		const score = scores.find(({ name }) => name === one.scorer);
		if (score && passed(score) === true) return [];
		return score?.explanation ?? score?.unscored?.code ?? fault?.message ?? [];
	});
	const { main, candidate } = one;
	const counts = `main passes ${main.passes} of ${main.trials}, this change ${candidate.passes} of ${candidate.trials}`;
	const words = `${report.verdict.status === "block" && one.outcome === "undecided" && one.breakdowns && !one.control ? `${one.outcome}, breaks down and was not tried beside main` : one.outcome}: ${counts}.${failing.length > 0 ? ` ${failing.at(-1)}` : ""}`;
	return {
		one,
		durationMs,
		kind: kindOf(report, one),
		words
	};
}
function kindOf({ verdict }, one) {
	const { outcome, candidate, blocking } = one;
	if (outcome === "regressed") return "failure";
	if (outcome === "unscored") return blocking && verdict.status !== "pass" ? "error" : "skipped";
	if (outcome === "undecided" || outcome === "still-failing" || outcome === "stale") return "skipped";
	return blocking || candidate.passes === candidate.trials ? heldOrNew(one) : "skipped";
}
function heldOrNew({ outcome, candidate }) {
	return outcome === "new" && candidate.passes < candidate.trials ? "skipped" : "passed";
}
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;
const ENTITIES = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	"\"": "&quot;",
	"'": "&apos;",
	"\n": "&#10;",
	"\r": "&#13;",
	"	": "&#9;"
};
function escaped(text) {
	return text.slice(0, 4e3).replace(FORBIDDEN, "�").replace(/[&<>"'\n\r\t]/g, (mark) => ENTITIES[mark] ?? "");
}
export { junitXml };
