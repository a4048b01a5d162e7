import type { Attack } from "./attack.ts";
import { breakingOut } from "./breaking-out.ts";
import { fakeTurns } from "./fake-turns.ts";
import { hiddenText } from "./hidden-text.ts";
import { labelSpoofing } from "./label-spoofing.ts";
import { plainCommands } from "./plain-commands.ts";
import { sayingNothing } from "./saying-nothing.ts";

/** Attacks by group. A new one is an entry of its group; a new group is a file and a line here. */
export const attackGroups: { readonly [group: string]: readonly Attack[] } = {
  "label-spoofing": labelSpoofing,
  "fake-turns": fakeTurns,
  "breaking-out": breakingOut,
  "hidden-text": hiddenText,
  "plain-commands": plainCommands,
  "saying-nothing": sayingNothing,
};
