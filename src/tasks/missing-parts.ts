/**
 * What interpreters and shells write last when a part of the program is not there: a module (Python's tracebacks, Node's uncaught errors, Ruby's
 * LoadError) or another program (shells, Node's `spawn`). They end with exit code 1 then, as a crash does.
 */
const MISSING: readonly RegExp[] = [
  /(?:^|\n)(?:ModuleNotFoundError|ImportError)\b[^\n]*$/,
  /\bcode: '(?:ERR_MODULE_NOT_FOUND|MODULE_NOT_FOUND|ERR_PACKAGE_PATH_NOT_EXPORTED|ERR_DLOPEN_FAILED)'[^}]*\}\s*Node\.js v\S+$/,
  /\bsyscall: 'spawn [^}]*\}\s*Node\.js v\S+$/,
  /\(LoadError\)(?:\n\s+from [^\n]*)*$/,
  /(?:^|\n)\S*sh: (?:(?:line )?\d+: )?\S+: (?:command )?not found$/,
];

/** Whether the error output of a program that failed ends with the words that a part of it is not there, so that the agent has not begun. */
export function endsInMissingPart(stderr: string): boolean {
  const end = stderr.trim();
  return MISSING.some((words) => words.test(end));
}
