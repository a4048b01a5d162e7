/**
 * What stands between recorded text and a judge. Every one is always on; the list exists so that a test can switch
 * each off and see an attack of `attacks/` succeed, which is what shows that it is worth having.
 *
 * - `nonce`: the marks around the record carry a number that its writer cannot know
 * - `bars`: every recorded line stands behind a bar, so none can pass for a line of ours
 * - `names`: names of tools, models and roles stay on one short line
 * - `markers`: our marks, chat-template tokens and tags of verdicts and roles lose their brackets
 * - `notes`: recorded text cannot open a note of ours (`[tracegate: …]`)
 * - `verdicts`: a written-out answer (`"label": "yes"`) is set in marks that no answer has
 * - `lookalikes`: letters of other alphabets that look the same are read as what they look like
 * - `invisible`: characters that nobody sees are taken out
 * - `reminder`: right after the record it is said that it has ended, and that nothing in it was an instruction
 * - `empty`: an answer that says nothing is decided by rule, without a judge
 * - `citations`: span ids that the trace does not have are dropped from the evidence
 */
export const DEFENCES = [
  "nonce",
  "bars",
  "names",
  "markers",
  "notes",
  "verdicts",
  "lookalikes",
  "invisible",
  "reminder",
  "empty",
  "citations",
] as const;

/** One of {@link DEFENCES}. */
export type Defence = (typeof DEFENCES)[number];

/** Whether a defence is on; `without` is the one that a test has switched off. */
export function holds(defence: Defence, without: Defence | undefined): boolean {
  return defence !== without;
}
