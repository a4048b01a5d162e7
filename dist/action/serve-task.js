import { s as resolveSelf, t as loadConfig } from "./chunks/load-config.js";
import { n as messageOf } from "./chunks/errors.js";
import { existsSync } from "node:fs";
// src/app/control/serve-task.ts
function serveTask(serving) {
	const server = new TaskServer(serving);
	serving.on("message", (order) => void server.obey(order));
	return new Promise((resolve) => {
		serving.on("disconnect", () => void server.stop().then(resolve));
	});
}
var TaskServer = class {
	#serving;
	#running = new Map();
	#task;
	constructor(serving) {
		this.#serving = serving;
	}
	async obey(order) {
		if (order.kind === "load") this.#reply(await this.#load(order.config));
		else if (order.kind === "abort") this.#running.get(order.id)?.abort();
		else if (order.kind === "renew") this.#reply({
			kind: "done",
			id: order.id,
			output: await this.#renew()
		});
		else this.#reply({
			kind: "done",
			id: order.id,
			output: await this.#run(order)
		});
	}
	async #renew() {
		await this.#task?.renew?.().catch(() => {});
		return {};
	}
	async stop() {
		for (const controller of this.#running.values()) controller.abort();
		await this.#task?.close().catch(() => {});
	}
	async #load(path) {
		try {
			const { config } = await loadConfig({
				cwd: this.#serving.cwd(),
				...path === null ? {} : { path }
			});
			this.#task = config.gate.task;
		} catch (error) {
			return {
				kind: "failed",
				message: `main's configuration cannot be loaded: ${messageOf(error)}`
			};
		}
		if (!this.#task) return {
			kind: "failed",
			message: "main's configuration names no agent (gate.task)"
		};
		const { kind: taskKind, description, identity, arrival, external } = this.#task;
		return {
			kind: "loaded",
			taskKind,
			description,
			identity,
			...arrival ? { arrival } : {},
			...external === void 0 ? {} : { external }
		};
	}
	async #run({ id, input, setting }) {
		const controller = new AbortController();
		this.#running.set(id, controller);
		try {
			if (!this.#task) throw new Error("no task is loaded");
			const { answer, fault, notes, tookMs } = await this.#task.run(input, {
				...setting,
				signal: controller.signal
			});
			return {
				...answer === void 0 ? {} : { answer },
				...fault ? { fault } : {},
				...notes ? { notes } : {},
				...tookMs === void 0 ? {} : { tookMs }
			};
		} catch (error) {
			return { fault: {
				code: "agent-failed-to-start",
				message: messageOf(error)
			} };
		} finally {
			this.#running.delete(id);
		}
	}
	#reply(message) {
		this.#serving.send?.(message, () => {});
	}
};
// src/cli/serve-task.ts
const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
function find(bundled, unbundled) {
	const beside = new URL(`./${bundled}.js`, import.meta.url);
	return existsSync(beside) ? beside.href : new URL(`../${unbundled}.${extension}`, import.meta.url).href;
}
resolveSelf({
	index: find("tracegate", "index"),
	testing: find("testing", "testing/index")
}, extension === "ts" ? "own" : "installed");
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});
await serveTask(process);
process.exit();
export {};
