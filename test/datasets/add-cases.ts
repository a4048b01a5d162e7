// Run by tests as a process of its own: adds cases to a dataset one by one.
import { updateDataset } from "../../src/datasets/write-dataset.ts";
import { caseOf } from "./case-of.ts";

const [path = "", name = "", count = "0"] = process.argv.slice(2);
for (let index = 0; index < Number(count); index++) {
  await updateDataset(path, (cases) => [...cases, caseOf(`${name}-${index}`)]);
}
