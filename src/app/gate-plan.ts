import type { Policy } from "../core/verdict.ts";
import { countCases } from "../pipeline/gate-counts.ts";
import { casesToTry, criteriaOf } from "../pipeline/gate-criteria.ts";
import { type GatePlan, planGate } from "../pipeline/gate-plan.ts";
import { withSeverity } from "../pipeline/gate-severity.ts";
import { readDatasets } from "./gate-datasets.ts";
import { criteriaContext, type GatePlace, load, policyOf, taskOf } from "./gate-setup.ts";
import { openHistory } from "./open-history.ts";

/**
 * What the gate of this repository can see with its datasets and main's history. Runs no agent and asks no judge.
 *
 * @throws TracegateError `config` as the gate does.
 */
export async function planRepository(
  options: GatePlace & { readonly mode?: Policy["mode"] },
): Promise<GatePlan> {
  const { cwd, env, mode } = options;
  const { config, path } = await load(options);
  const task = taskOf(config, path);
  try {
    const paths = options.dataset ? [options.dataset] : config.gate.datasets;
    const { dataset } = await readDatasets(paths, cwd);
    const cases = casesToTry(dataset);
    const criteria = criteriaOf(cases, {
      ...(await criteriaContext(config, env, cwd)),
      taskIdentity: task.identity,
    });
    const history = await openHistory(config, options).entries(criteria.map(({ key }) => key));
    const { policy, severity } = policyOf(config, mode);
    return planGate(withSeverity(countCases(criteria, history, []), cases, severity), policy, {
      control: config.gate.control !== false,
    });
  } finally {
    await task.close();
  }
}
