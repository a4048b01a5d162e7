/** `node scripts/report-schema.ts`: writes docs/schema/gate-report.schema.json; `npm run format` gives it its form. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { reportJsonSchema } from "../src/action/report-schema.ts";

const path = join(import.meta.dirname, "../docs/schema/gate-report.schema.json");
writeFileSync(path, `${JSON.stringify(reportJsonSchema(), null, 2)}\n`);
