import { toolWords } from "../core/tool-words.ts";

/** Words in names of tools that read, look or think. */
const READING = new Set(
  "get list find search look lookup read fetch view show query describe check count calculate compute think retrieve browse inspect validate verify estimate".split(
    " ",
  ),
);

/** Words in names of tools that change something outside the agent. */
const CHANGING = new Set(
  "add apply approve archive assign authorize award ban block book buy cancel change charge checkout clear close commit complete confirm copy create credit deactivate debit delete deploy disable drop edit enable exchange execute expire grant increase insert invite issue lock merge modify move open order pay place post publish purchase push put reboot refill refund register reject release remove rename renew replace reschedule reserve reset restart resume return revoke schedule sell send set ship sign start stop submit subscribe suspend toggle transfer trigger undo unblock unlock unsubscribe update upload upgrade write".split(
    " ",
  ),
);

/** Whether a tool, by its name, changes something: a judge is shown such steps before those that only look. */
export function changesState(tool: string): boolean {
  const [first = "", ...more] = toolWords(tool);
  if (READING.has(first)) return false;
  return [first, ...more].some((word) => CHANGING.has(word)) && !more.some((word) => word === "status");
}
