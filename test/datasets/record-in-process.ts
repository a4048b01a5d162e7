import { gitHistory } from "../../src/datasets/git-history.ts";

/** Arguments: a clone, and the trials to record there as JSON. */
const [cwd = "", trials = "[]"] = process.argv.slice(2);
await gitHistory({ cwd, env: process.env, branch: "tracegate/history" }).record(JSON.parse(trials));
