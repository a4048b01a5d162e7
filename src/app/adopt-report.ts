import { resolve } from "node:path";

import { TracegateError } from "../core/errors.ts";
import { trialsToRecord } from "../pipeline/gate-counts.ts";
import { casesToTry, criteriaOf } from "../pipeline/gate-criteria.ts";
import { faultyCases } from "../pipeline/gate-record.ts";
import { plural } from "../pipeline/gate-sentences.ts";
import { passingRuns } from "../pipeline/passing-runs.ts";
import { readDatasets } from "./gate-datasets.ts";
import { criteriaContext, type GatePlace, load, taskOf } from "./gate-setup.ts";
import { openHistory } from "./open-history.ts";
import { readReport } from "./read-report.ts";

/**
 * Adds the trials of a merged change to main's history, from the report its gate left: what the change
 * proved need not be run again. Trials of cases, scorers or settings that differ now do not count, because
 * their comparability key is another one.
 *
 * @returns how many trials were added.
 */
export async function adoptReport(options: GatePlace & { readonly report: string }): Promise<number> {
  const { cwd, env } = options;
  const { config, path } = await load(options);
  const report = await readReport(resolve(cwd, options.report));
  if (report.verdict.status !== "pass") {
    throw new TracegateError(
      "usage",
      `${options.report} says ${report.verdict.status}; only the report of a change that passed is adopted.`,
    );
  }
  const untried = faultyCases(report.run);
  if (untried > 0) {
    throw new TracegateError(
      "usage",
      `In ${options.report} ${plural(untried, "case")} could not be tried, and only whole runs enter the history. Run tracegate gate --record on main.`,
    );
  }
  const { dataset } = await readDatasets(options.dataset ? [options.dataset] : config.gate.datasets, cwd);
  const context = {
    ...(await criteriaContext(config, env, cwd)),
    taskIdentity: taskOf(config, path).identity,
  };
  const criteria = criteriaOf(casesToTry(dataset), context);
  const trials = trialsToRecord(criteria, report.run);
  const history = openHistory(config, options);
  await history.record(trials, history.passingRuns ? passingRuns(criteria, report.run) : []);
  return trials.length;
}
