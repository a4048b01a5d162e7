import type { Command } from "commander";

import type { Session } from "./session.ts";

/** A command's maker, loaded when it is wanted: each brings a good part of the program along. */
type Load = () => Promise<(session: Session) => Command>;

/** Every command, in the order of the help. */
const COMMANDS: { readonly [name: string]: Load } = {
  up: async () => (await import("./commands/up.ts")).upCommand,
  receive: async () => (await import("./commands/receive.ts")).receiveCommand,
  work: async () => (await import("./commands/work.ts")).workCommand,
  score: async () => (await import("./commands/score.ts")).scoreCommand,
  show: async () => (await import("./commands/show.ts")).showCommand,
  harvest: async () => (await import("./commands/harvest.ts")).harvestCommand,
  review: async () => (await import("./commands/review.ts")).reviewCommand,
  gate: async () => (await import("./commands/gate.ts")).gateCommand,
  labels: async () => (await import("./commands/labels.ts")).labelsCommand,
  judge: async () => (await import("./commands/judge.ts")).judgeCommand,
  why: async () => (await import("./commands/why.ts")).whyCommand,
  unscored: async () => (await import("./commands/unscored.ts")).unscoredCommand,
  rates: async () => (await import("./commands/rates.ts")).ratesCommand,
  dead: async () => (await import("./commands/dead.ts")).deadCommand,
  resume: async () => (await import("./commands/resume.ts")).resumeCommand,
  purge: async () => (await import("./commands/purge.ts")).purgeCommand,
  doctor: async () => (await import("./commands/doctor.ts")).doctorCommand,
  demo: async () => (await import("./commands/demo.ts")).demoCommand,
};

/** The command that a line names; all of them where it names none, for the help and for the hint after a misspelt one. */
export async function loadCommands(argv: readonly string[], session: Session): Promise<readonly Command[]> {
  const [first = ""] = argv;
  if (first === "--version" || first === "-V") return [];
  const load = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  const makers = await Promise.all((load ? [load] : Object.values(COMMANDS)).map((one) => one()));
  return makers.map((make) => make(session));
}
