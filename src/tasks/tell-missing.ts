/**
 * Functions for the processes and threads of `module` tasks, as source: tell an agent that is not there, or not installed, from one that
 * began and threw. Codes by Node's documentation of errors.
 */
export const TELL_MISSING = `
const MISSING = new Set(["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND", "ERR_PACKAGE_PATH_NOT_EXPORTED", "ERR_DLOPEN_FAILED", "AGENT_MISSING"]);
function isMissing(error) {
  return MISSING.has(error?.code);
}
function missing(message) {
  return Object.assign(new Error(message), { code: "AGENT_MISSING" });
}
`;
