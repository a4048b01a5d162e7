import { Command } from "commander";
import { configOption } from "../options.ts";
import { writeLine } from "../print/output.ts";
import { count } from "../print/plain.ts";
import { reviewCases } from "../review/review-cases.ts";
import { configOf, type Session } from "../session.ts";

/** `tracegate review [dataset]` */
export function reviewCommand(session: Session): Command {
  return new Command("review")
    .summary("accept, reject or edit harvested cases, one key per case")
    .description(
      "Shows every case that nobody has looked at and takes one key: a accept, r reject, e edit in $EDITOR, " +
        "s skip, q quit. Each decision is on disk at once. Rejected cases stay in the file, so that the same " +
        "failure is not harvested again.",
    )
    .argument("[dataset]", "dataset file (default: the one harvest writes)")
    .addOption(configOption())
    .option("--accept-all", "accept every case that waits, without asking")
    .option("--by <name>", "who decides, for the record (default: git's user.name)")
    .action(
      async (dataset: string | undefined, options: { config?: string; acceptAll?: true; by?: string }) => {
        const { config } = await configOf(session, options.config);
        const path = dataset ?? config.harvest.dataset;
        const result = await reviewCases({
          session,
          path,
          acceptAll: options.acceptAll === true,
          by: options.by,
        });
        const { accepted, rejected, edited, left } = result;
        await writeLine(
          `${path}: ${accepted} accepted, ${rejected} rejected, ${edited} edited, ${count(left, "case")} still to review`,
        );
      },
    );
}
