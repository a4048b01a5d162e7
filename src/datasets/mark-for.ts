/** Takes the id of a rule and the value that it found; gives the mark that is written instead. */
export type MarkFor = (rule: string, value: string) => string;
