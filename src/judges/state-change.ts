import { toolWords } from "../core/tool-words.ts";

/** Words in names of tools that read, look or think. */
const READING = new Set(
  "can consult get identify list find recommend run search test track look lookup read fetch view show query describe check count calculate compute think retrieve browse inspect validate verify estimate".split(
    " ",
  ),
);

/** Words in names of tools that change something outside the agent. */
const CHANGING = new Set(
  "actualizar add agregar apply approve archive assign authorize award ban block book buy cancel cancelar change charge checkout clear close commit complete confirm connect copy crear create credit deactivate debit delete deploy deposit disable disconnect drop edit eliminar emit enable enviar escalate exchange execute expire grant increase insert invite issue lock make merge modificar modify move open order pagar pay place post process publish purchase push put reboot record refill refuel refund register registrar reject release remove rename renew replace reschedule reseat reservar reserve reset restart resume return revoke schedule sell send set ship sign start stop submit subscribe suspend toggle transfer trigger undo unblock unlock unsubscribe update upload upgrade withdraw write".split(
    " ",
  ),
);

/** Whether a tool, by its name, changes something: a judge is shown such steps before those that only look. */
export function changesState(tool: string): boolean {
  const [first = "", ...more] = toolWords(tool);
  if (READING.has(first)) return false;
  return [first, ...more].some((word) => CHANGING.has(word)) && !more.some((word) => word === "status");
}
