// Run by tests as a process of its own: harvests a range of numbered failures.
import { harvest } from "../../src/pipeline/harvest.ts";
import { failure } from "./harvest-failures.ts";

const [folder = "", from = "0", to = "0"] = process.argv.slice(2);
const numbers = Array.from({ length: Number(to) - Number(from) }, (_, index) => Number(from) + index);
for (const number of numbers) {
  await harvest({
    traces: [failure(number)],
    datasetPath: `${folder}/cases.jsonl`,
    recordingsDirectory: `${folder}/recordings`,
  });
}
