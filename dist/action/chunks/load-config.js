import { S as offerOwnModules, _ as union, a as boolean, d as number, g as tuple, h as string, i as array, m as strictObject, o as custom, p as record, r as _null, u as literal } from "./schemas.js";
import { n as messageOf, t as TracegateError } from "./errors.js";
import { t as CANONICAL_NAMES } from "./named-fields.js";
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import { relative, resolve } from "node:path";
import { existsSync } from "node:fs";
// src/config/resolve-self.ts
const NAME = /^tracegate(\/testing)?$/;
function resolveSelf(entries, prefer) {
	offerOwnModules({
		entries,
		prefer
	});
	registerHooks({ resolve(specifier, context, next) {
		if (!NAME.test(specifier)) return next(specifier, context);
		const own = {
			url: specifier === "tracegate" ? entries.index : entries.testing,
			shortCircuit: true
		};
		if (prefer === "own") return own;
		try {
			return next(specifier, context);
		} catch {
			return own;
		}
	} });
}
// src/core/lgamma.ts
const STIRLING = [
	1 / 12,
	-1 / 360,
	1 / 1260,
	-1 / 1680,
	1 / 1188,
	-691 / 360360,
	1 / 156
];
const LOG_ROOT_TWO_PI = .9189385332046728;
function lgamma(x) {
	if (!(x > 0)) return NaN;
	if (x === Number.POSITIVE_INFINITY) return x;
	let shifted = x;
	let product = 1;
	while (shifted < 12) {
		product *= shifted;
		shifted += 1;
	}
	const inverse = 1 / shifted;
	let power = inverse;
	let series = 0;
	for (const coefficient of STIRLING) {
		series += coefficient * power;
		power *= inverse * inverse;
	}
	return (shifted - .5) * Math.log(shifted) - shifted + LOG_ROOT_TWO_PI + series - Math.log(product);
}
function logBeta(a, b) {
	return lgamma(a) + lgamma(b) - lgamma(a + b);
}
// src/core/count-history.ts
const HISTORY_WINDOW = {
	trials: 50,
	days: 90
};
const DAY_MS = 864e5;
const MIN_AFTER_CHANGE = 3;
const CHANGE_FACTOR = 10;
function countHistory(trials, window = HISTORY_WINDOW.trials) {
	const counted = distinctTrials(trials).slice(-window);
	const current = counted.slice(lastChange(counted.map((trial) => trial.passed)));
	return {
		passes: current.filter((trial) => trial.passed).length,
		trials: current.length
	};
}
function withoutAged(trials, days, now) {
	const newest = trials.reduce((latest, { at }) => Math.max(latest, at), 0);
	const oldest = Math.min(newest, now) - days * DAY_MS;
	return trials.filter(({ at }) => at >= oldest);
}
function distinctTrials(trials) {
	const seen = new Set();
	return trials.toReversed().filter(({ evidenceHash }) => {
		if (evidenceHash === null) return true;
		if (seen.has(evidenceHash)) return false;
		seen.add(evidenceHash);
		return true;
	}).toReversed();
}
function lastChange(outcomes) {
	const passes = outcomes.filter(Boolean).length;
	const one = logMarginal(passes, outcomes.length);
	let best = {
		split: 0,
		factor: Math.log(CHANGE_FACTOR)
	};
	let before = 0;
	for (let split = 1; split <= outcomes.length - MIN_AFTER_CHANGE; split++) {
		if (outcomes[split - 1]) before += 1;
		const two = logMarginal(before, split) + logMarginal(passes - before, outcomes.length - split);
		if (two - one > best.factor) best = {
			split,
			factor: two - one
		};
	}
	return best.split;
}
function logMarginal(passes, trials) {
	return logBeta(passes + .5, trials - passes + .5) - Math.log(Math.PI);
}
// src/config/fields.ts
function madeBy(text, method, remedy) {
	return custom((value) => typeof value === "object" && value !== null && typeof Reflect.get(value, text) === "string" && typeof Reflect.get(value, method) === "function", { error: remedy });
}
const milliseconds = number().int().nonnegative();
const count = number().int().positive();
// src/config/gate.ts
const GIT_NAME = /^(?!.*(\.\.|\/\/|@\{|\.lock(\/|$)))[\w][\w./-]*(?<![./])$/;
const historyBranch = strictObject({
	branch: string().regex(GIT_NAME, "must be the name of a branch such as \"tracegate/history\""),
	remote: string().regex(GIT_NAME, "must be the name of a remote such as \"origin\"").optional()
});
const historyWindow = strictObject({
	trials: number().int().positive().default(HISTORY_WINDOW.trials),
	days: number().positive().default(HISTORY_WINDOW.days)
});
const limit = number().positive("must be more than 0");
const budget$1 = strictObject({
	usd: limit.exactOptional(),
	tokens: limit.exactOptional(),
	minutes: limit.exactOptional()
});
const control = strictObject({
	setup: union([string().min(1), tuple([string().min(1)], string())]).optional(),
	base: string().min(1).optional(),
	timeoutMs: milliseconds.default(6e5)
});
const gate = strictObject({
	datasets: array(string()).nonempty().default(["evals/datasets/harvested.jsonl"]),
	task: madeBy("identity", "run", "must be moduleTask(...), commandTask(...), httpTask(...) or replayTask(...)").optional(),
	port: number().int().min(0).max(65535).default(0),
	history: union([string(), historyBranch], { error: "must be a file such as \"evals/history.jsonl\", or { branch: \"tracegate/history\" }" }).default("evals/history.jsonl"),
	historyWindow: historyWindow.prefault({}),
	concurrency: number().int().positive().max(256).default(4),
	errorRate: number().gt(0).max(.5).default(.05),
	margin: number().gt(0).max(.5).default(.05),
	missRate: number().gt(0).max(.5).default(.1),
	maxPasses: number().int().positive().default(5),
	weights: record(string(), number().positive()).default({
		"severity:critical": 8,
		"severity:high": 4,
		"severity:low": .5
	}),
	mustFix: array(string()).default(["severity:critical"]),
	minHistory: number().int().positive().default(3),
	maxTrials: number().int().positive().default(6),
	control: union([control, literal(false)], { error: "must be how main is set up, e.g. { setup: [\"npm\", \"ci\"] }, or false" }).optional(),
	budget: budget$1.default({}),
	maxUnscored: number().min(0).max(1).default(.05),
	trust: array(string()).default([]),
	quietMs: milliseconds.default(2e3)
});
// src/config/judging.ts
const amount = number().positive("must be more than 0");
const limits = strictObject({
	requestsPerMinute: amount.exactOptional(),
	tokensPerMinute: amount.exactOptional(),
	share: number().gt(0).max(1).default(.99),
	holdMs: number().int().nonnegative().default(2e4)
});
const daily = {
	usdPerDay: amount.exactOptional(),
	tokensPerDay: amount.exactOptional()
};
const budget = strictObject({
	...daily,
	perScorer: record(string(), strictObject(daily)).default({}),
	perTenant: strictObject({
		...daily,
		by: string().min(1, "must name an attribute").default("organisationId")
	}).exactOptional(),
	ordinaryShare: number().gt(0).max(1).default(.8),
	carryOver: boolean().default(false)
});
const batches = strictObject({
	gatherMs: number().int().nonnegative().default(3e5),
	lookMs: number().int().min(100).default(6e4)
});
const judging = strictObject({
	calibration: string().default("evals/calibration"),
	audit: boolean().default(true),
	limits: limits.prefault({}),
	withinMs: number().int().nonnegative().exactOptional(),
	batches: batches.prefault({}),
	budget: budget.exactOptional()
});
// src/pipeline/pressure.ts
const OVERLOAD = {
	bytes: 4 * 1024 ** 3,
	queueAgeMs: null,
	resumeShare: .8
};
// src/config/receiving.ts
const receiver = strictObject({
	host: string().default("127.0.0.1"),
	port: number().int().min(0).max(65535).default(4318),
	grpcPort: union([
		number().int().min(0).max(65535),
		_null(),
		literal(false)
	], { error: "must be a port (0 takes a free one), or null for no OTLP/gRPC" }).optional(),
	paths: array(string().regex(/^\/[\w\-./~%]*$/, "must be a path such as /collector")).default([]),
	tokenEnv: string().optional(),
	maxBodyBytes: number().int().positive().default(67108864)
});
const overload = strictObject({
	bytes: count.default(OVERLOAD.bytes),
	queueAgeMs: milliseconds.nullable().default(OVERLOAD.queueAgeMs),
	resumeShare: number().positive().max(1).default(OVERLOAD.resumeShare)
});
const completion = strictObject({
	afterRootMs: milliseconds.default(1e4),
	idleMs: milliseconds.default(6e4),
	sessionIdleMs: milliseconds.default(18e5),
	maxAgeMs: milliseconds.default(36e5),
	maxSpans: count.default(1e5),
	maxBytes: count.default(67108864),
	services: record(string(), strictObject({
		afterRootMs: milliseconds.optional(),
		idleMs: milliseconds.optional(),
		maxAgeMs: milliseconds.optional(),
		maxSpans: count.optional(),
		maxBytes: count.optional()
	})).optional()
});
const server = strictObject({
	host: string().default("127.0.0.1"),
	port: number().int().min(0).max(65535).default(9464),
	tokenEnv: string().optional()
});
// src/config/scoring.ts
const worker = strictObject({
	concurrency: number().int().positive().max(256).default(4),
	ruleTimeoutMs: milliseconds.default(5e3),
	judgeTimeoutMs: milliseconds.default(12e4),
	judgeRetries: strictObject({
		attempts: number().int().positive().max(100).default(16),
		baseMs: milliseconds.default(15e3),
		maxMs: milliseconds.default(36e5)
	}).prefault({}),
	stuckMs: milliseconds.default(15e3),
	keepDeadMs: milliseconds.default(12096e5)
});
const share = number().min(0).max(1);
const sampling = strictObject({
	rate: share.default(.1),
	slowMs: milliseconds.nullable().optional(),
	firstOfVersion: number().int().nonnegative().default(200),
	services: record(string(), strictObject({
		rate: share.optional(),
		slowMs: milliseconds.nullable().optional(),
		firstOfVersion: number().int().nonnegative().optional()
	})).optional()
});
const retention = strictObject({
	payloadDays: number().positive().default(7),
	leftOutHours: number().nonnegative().default(3)
});
const privacy = strictObject({
	redact: strictObject({
		storage: boolean().default(false),
		judge: boolean().default(true)
	}).prefault({}),
	refusePurgedDays: number().positive().default(7)
});
// src/config/schema.ts
const harvest = strictObject({
	dataset: string().default("evals/datasets/harvested.jsonl"),
	recordings: string().default("evals/recordings")
});
const attributeNames = array(string().min(1, "must be the name of an attribute")).nonempty().optional();
const conventions = strictObject({ names: strictObject(Object.fromEntries(CANONICAL_NAMES.map((name) => [name, attributeNames]))).optional() });
const configSchema = strictObject({
	scorers: array(madeBy("name", "score", "must be a scorer made by defineScorer(...) or defineJudge(...)")).optional(),
	sessionScorers: array(madeBy("name", "scoreSession", "must be a scorer made by defineSessionScorer(...) or overSession(...)")).default([]),
	judge: madeBy("provider", "ask", "must be openai(...) or anthropic(...)").optional(),
	sinks: array(madeBy("name", "write", "must be a sink such as otlp(...)")).default([]),
	directory: string().default(".tracegate"),
	receiver: receiver.prefault({}),
	overload: overload.prefault({}),
	server: server.optional(),
	completion: completion.prefault({}),
	conventions: conventions.prefault({}),
	worker: worker.prefault({}),
	sampling: union([
		sampling,
		literal(false),
		literal(1)
	], { error: "must be false for all traces, or an object such as { rate: 0.1 }" }).prefault({}),
	retention: retention.prefault({}),
	privacy: privacy.prefault({}),
	judging: judging.prefault({}),
	harvest: harvest.prefault({}),
	gate: gate.prefault({})
});
// src/config/parse-config.ts
function parseConfig(value, where) {
	if (value instanceof Promise) throw new TracegateError("config", `${where}: the default export is a promise. Write: export default await ...`);
	const result = configSchema.safeParse(value);
	if (result.success) {
		refuseTwins(result.data, where);
		return result.data;
	}
	const lines = result.error.issues.flatMap((issue) => explain(issue, value));
	throw new TracegateError("config", [`${where} is not a valid configuration:`, ...lines].join("\n  "));
}
function explain(issue, root) {
	const path = issue.path.map(String);
	const inside = issue.code === "invalid_union" ? insideOf(issue) : [];
	if (inside.length > 0) return inside.flatMap((one) => explain(one, root));
	if (issue.code === "unrecognized_keys") {
		const known = knownKeys(path);
		return issue.keys.map((key) => {
			return `${[...path, key].join(".")}: there is no such key. Known here: ${known.join(", ")}.`;
		});
	}
	const found = path.reduce((value, key) => isRecord(value) ? value[key] : void 0, root);
	return [`${path.join(".") || "the default export"}: ${demand(issue)}, got ${show(found)}.`];
}
function insideOf(issue) {
	return (issue.errors.find((issues) => issues.every(({ path, code }) => path.length > 0 || code === "unrecognized_keys")) ?? []).map((one) => ({
		...one,
		path: [...issue.path, ...one.path]
	}));
}
const KINDS = {
	number: "a number",
	int: "a whole number",
	string: "a text",
	array: "a list",
	object: "an object",
	boolean: "true or false"
};
function demand(issue) {
	switch (issue.code) {
		case "invalid_type": return `must be ${KINDS[issue.expected] ?? issue.expected}`;
		case "too_small":
			if (issue.origin === "array") return "must have an entry at least";
			return issue.inclusive === false ? `must be more than ${issue.minimum}` : `must be ${issue.minimum} or more`;
		case "too_big": return `must be ${issue.maximum} or less`;
		default: return issue.message;
	}
}
function knownKeys(path) {
	let shape = configSchema.shape;
	for (const key of path) {
		let inner = shape[key];
		while (isRecord(inner) && !("shape" in inner) && isRecord(inner.def)) inner = withinOf(inner.def);
		if (!isRecord(inner) || !isRecord(inner.shape)) return [];
		shape = inner.shape;
	}
	return Object.keys(shape);
}
function withinOf(def) {
	if (!Array.isArray(def.options)) return def.innerType;
	return def.options.find((option) => isRecord(option) && "shape" in option);
}
function isRecord(value) {
	return typeof value === "object" && value !== null;
}
function show(value) {
	if (value === void 0) return "nothing";
	if (typeof value === "function") {
		const { name } = value;
		return name === "" || name === "default" ? "a function" : `the function ${name} (call it: ${name}())`;
	}
	if (value instanceof Promise) return "a promise; await it";
	return (JSON.stringify(value) ?? String(value)).slice(0, 80);
}
function refuseTwins(config, where) {
	const lists = {
		scorers: config.scorers ?? [],
		sinks: config.sinks
	};
	for (const [key, list] of Object.entries(lists)) {
		const names = list.map((item) => item.name);
		const twin = names.find((name, index) => names.indexOf(name) !== index);
		if (twin) throw new TracegateError("config", `${where}: two ${key} have the name "${twin}". Give one of them another name.`);
	}
}
// src/config/load-config.ts
const PLACES = [
	"tracegate.config.ts",
	"tracegate.config.mts",
	"tracegate.config.js",
	"tracegate.config.mjs",
	"evals/tracegate.config.ts",
	"evals/tracegate.config.mts"
];
async function loadConfig(options) {
	const path = options.path ? resolve(options.cwd, options.path) : find(options.cwd);
	if (path === void 0) return {
		config: parseConfig({}, "the default configuration"),
		path: null
	};
	if (!existsSync(path)) throw new TracegateError("config", `There is no configuration at ${path}. Correct --config, or leave it out.`);
	const name = relative(options.cwd, path) || path;
	const module = await importConfig(path, name);
	if (module.default === void 0) throw new TracegateError("config", `${name} has no default export. Write: export default defineConfig({ ... }).`);
	return {
		config: parseConfig(module.default, name),
		path
	};
}
function find(cwd) {
	return PLACES.map((place) => resolve(cwd, place)).find((path) => existsSync(path));
}
async function importConfig(path, name) {
	try {
		return await import(pathToFileURL(path).href);
	} catch (cause) {
		if (cause instanceof TracegateError) throw new TracegateError(cause.code, `${name}: ${cause.message}`, { cause });
		const reason = messageOf(cause).replace(/\.$/, "");
		throw new TracegateError("config", `${name} could not be imported: ${reason}. ${remedy(cause, name)}`, { cause });
	}
}
function remedy(cause, name) {
	const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : void 0;
	if (code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") return "Node runs only TypeScript that can be erased: replace enum, namespace and parameter properties.";
	if (code === "ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING") return "Node does not run .ts files of installed packages: import their compiled .js.";
	if (code === "ERR_MODULE_NOT_FOUND") return messageOf(cause).startsWith("Cannot find package") ? "Install that package." : "Check the path, and write relative imports with their extension.";
	if (cause instanceof SyntaxError && /outside a module|token 'export'/.test(cause.message)) return `Its package.json makes it a CommonJS module: rename it to ${name.replace(/\.(?=[jt]s$)/, ".m")}, or set "type": "module" there.`;
	return `Run \`node ${name}\` to see the whole error.`;
}
export { withoutAged as a, distinctTrials as i, HISTORY_WINDOW as n, logBeta as o, countHistory as r, resolveSelf as s, loadConfig as t };
