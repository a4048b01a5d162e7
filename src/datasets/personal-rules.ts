import { isIP } from "node:net";

/** One kind of personal data. */
export interface PersonalRule {
  readonly id: string;
  /** A text without this has nothing of this kind; found fast, so that most texts cost no more. */
  readonly hints: RegExp;
  /** Global; every repetition is bounded. */
  readonly pattern: RegExp;
  /** Decides about a match by its checksum and by the text before it. `key`: the JSON key it stands under. */
  readonly accepts: (match: string, before: string, key: string) => boolean;
}

/** Letters and digits of an IBAN by country (SWIFT registry, those in wide use). */
const IBAN_LENGTH: { readonly [country: string]: number } = {
  AD: 24,
  AE: 23,
  AL: 28,
  AT: 20,
  AZ: 28,
  BA: 20,
  BE: 16,
  BG: 22,
  BH: 22,
  BR: 29,
  CH: 21,
  CR: 22,
  CY: 28,
  CZ: 24,
  DE: 22,
  DK: 18,
  DO: 28,
  EE: 20,
  ES: 24,
  FI: 18,
  FO: 18,
  FR: 27,
  GB: 22,
  GE: 22,
  GI: 23,
  GL: 18,
  GR: 27,
  GT: 28,
  HR: 21,
  HU: 28,
  IE: 22,
  IL: 23,
  IS: 26,
  IT: 27,
  JO: 30,
  KW: 30,
  KZ: 20,
  LB: 28,
  LI: 21,
  LT: 20,
  LU: 20,
  LV: 21,
  MC: 27,
  MD: 24,
  ME: 22,
  MK: 19,
  MR: 27,
  MT: 31,
  MU: 30,
  NL: 18,
  NO: 15,
  PK: 24,
  PL: 28,
  PS: 29,
  PT: 25,
  QA: 29,
  RO: 24,
  RS: 22,
  SA: 24,
  SE: 24,
  SI: 19,
  SK: 24,
  SM: 27,
  TN: 24,
  TR: 26,
  UA: 29,
  VG: 24,
  XK: 20,
};

const EDGE = "(?<![A-Za-z0-9._-])";
const EDGE_AFTER = "(?![A-Za-z0-9_-])";

/**
 * Personal data that a checksum or an unmistakable form gives away. Ids, dates, prices and order numbers
 * must survive, or the dataset is worthless: where a form could be an id, the words around it decide.
 */
export const personalRules: readonly PersonalRule[] = [
  {
    id: "email",
    hints: /@/,
    pattern:
      /(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24}(?![A-Za-z0-9-])/g,
    accepts: () => true,
  },
  {
    id: "iban",
    hints: /[A-Z]{2}\d\d/,
    pattern: new RegExp(`${EDGE}[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?${EDGE_AFTER}`, "g"),
    accepts: isIban,
  },
  {
    id: "card",
    hints: /\d(?:[ -]?\d){11}/,
    pattern: new RegExp(`${EDGE}\\d(?:[ -]?\\d){12,18}${EDGE_AFTER}`, "g"),
    accepts: isCard,
  },
  {
    id: "ssn",
    hints: /\d-\d\d-\d/,
    pattern: new RegExp(`${EDGE}(?!000|666|9)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}${EDGE_AFTER}`, "g"),
    accepts: () => true,
  },
  {
    id: "ip",
    hints: /\d\.\d{1,3}\.\d/,
    pattern: new RegExp(`${EDGE}\\d{1,3}(?:\\.\\d{1,3}){3}(?![A-Za-z0-9_-]|\\.\\d)`, "g"),
    accepts: (match, before) => isPublicIpv4(match) && !/(?:version|release|v)["'\s:=]{0,4}$/i.test(before),
  },
  {
    id: "ip",
    hints: /::|(?:[0-9a-fA-F]{1,4}:){7}/,
    pattern: /(?<![\w:.])[0-9a-fA-F]{1,4}(?::{1,2}[0-9a-fA-F]{1,4}){3,7}(?![\w:])/g,
    accepts: (match) => isIP(match) === 6 && /\d/.test(match),
  },
  {
    id: "phone",
    hints: /\+[1-9]/,
    pattern: /(?<![\w+])\+[1-9](?:[ ().-]{0,2}\d){8,14}(?![\w-])/g,
    accepts: () => true,
  },
  {
    id: "phone",
    hints: /\(\d{3}\)/,
    pattern: /(?<![\w(])\(\d{3}\) ?\d{3}[ .-]\d{4}(?![\w-])/g,
    accepts: () => true,
  },
];

function isIban(match: string): boolean {
  const compact = match.replaceAll(" ", "");
  if (IBAN_LENGTH[compact.slice(0, 2)] !== compact.length) return false;
  let remainder = 0;
  for (const character of compact.slice(4) + compact.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}

/** Luhn and an issuer's prefix; digits in one piece are a card only where the text or the key speaks of one. */
function isCard(match: string, before: string, key: string): boolean {
  const digits = match.replace(/[ -]/g, "");
  if (
    !/^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|5\d\d|4[4-9]\d)\d{12})$/.test(
      digits,
    )
  ) {
    return false;
  }
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]) * (index % 2 === 0 ? 1 : 2);
    sum += digit > 9 ? digit - 9 : digit;
  }
  if (sum % 10 !== 0) return false;
  const grouped = /^\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}$|^\d{4}([ -])\d{6}\2\d{5}$/.test(match);
  return grouped || /card|visa|amex|pan\b|credit|debit/i.test(`${before.slice(-40)} ${key}`);
}

/** Addresses of private networks say nothing about a person. */
function isPublicIpv4(match: string): boolean {
  if (isIP(match) !== 4) return false;
  return !/^(?:0|10|127|255|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./.test(match);
}
