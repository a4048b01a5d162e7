/**
 * Ways to say that something did not work, or that a person takes over, in the languages agents mostly
 * answer in: English, Spanish, Portuguese, French, German, Italian. Stems rather than words; each pattern
 * is linear.
 */
const ADMISSIONS: readonly RegExp[] = [
  /\b(unable|cannot|can['’]?t|could ?n['’]?t|could not|did ?n['’]?t|did not|was ?n['’]?t|was not|won['’]t|does ?n['’]?t|not (able|possible|found|available|allowed|permitted|eligible))\b/i,
  /\b(errors?|fail(s|ed|ure)?|sorry|apologi[sz]e|unfortunately|invalid|unavailable|denied|declined|rejected)\b/i,
  /\b(there (is|was|were|seems|appears)|encounter\w*|ran into|having|had|due to|with) .{0,25}\b(issues?|problems?|trouble|difficult)/i,
  /\b(transfer(red|ring)?|hand(ed|ing)? (you )?over|human agent|representative|escalat(e|ed|ing))\b/i,
  /\bno (se (pud|pued|encontr|ha pod|logr)|pud|pued|he podido|hay|es posible|est[áa] |fue posible|existe)/i,
  /\b(lamentablemente|lamento|lo siento|disculp|desafortunadamente|fall[óoa]\b|(un|el|hubo|tenemos) problema|transferi|transfier|agente humano|humano|escal(ar|ado|o)\b|inv[áa]lid|rechazad)/i,
  /\b(infelizmente|desculpe|não (foi|consegui|é|pude|posso)|erro|falh(a|ou))/i,
  /\b(malheureusement|désolé|erreur|échou|impossible|n['’](a|ai|est|existe) pas|ne (peux|peut|pouvons) pas)/i,
  /\b(leider|fehler|fehlgeschlagen|nicht (möglich|gefunden|verfügbar)|konnte|kann .{0,40}nicht|entschuldig)/i,
  /\b(purtroppo|errore|spiacent|non (è|ho|posso|riesco|è stato))/i,
];

/** True when a text admits that something did not work or hands over to a person. */
export function admitsFailure(text: string): boolean {
  return ADMISSIONS.some((pattern) => pattern.test(text));
}
