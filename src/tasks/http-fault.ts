import type { TrialFault } from "../core/run.ts";
import type { PostEnd, PostResponse } from "./post-json.ts";

/** Characters of a response that a message shows. */
const SHOWN = 500;

/** Statuses below 500 that may be another one a moment later. */
const MAY_PASS = new Set([408, 425, 429]);

/** Statuses of what stands before a service that is not there; with words they are the service's own. */
const NOT_THERE = new Set([502, 503, 504]);

/** The fault of a request that was not answered with 2xx; null when it was. */
export function faultOfPost(end: PostEnd, description: string, timeoutMs: number): TrialFault | null {
  switch (end.how) {
    case "aborted":
      return { code: "aborted", message: `${description}: stopped before it answered.` };
    case "timed-out": {
      const message = `${description}: did not end within ${timeoutMs} ms and was given up. Raise timeoutMs if it needs longer.`;
      return { code: "agent-timed-out", message, limitMs: timeoutMs };
    }
    case "failed": {
      const advice = end.connected
        ? "Look at what the service printed; one that tracegate starts (start) is shown here."
        : "Does the service run there? With start, tracegate starts it.";
      const message = `${description}: no whole answer (${end.message}). ${advice}`;
      return { code: "agent-failed-to-start", message };
    }
    case "answered":
      return faultOfStatus(end.response, description);
  }
}

function faultOfStatus(response: PostResponse, description: string): TrialFault | null {
  const { status, reason, headers } = response;
  if (status >= 200 && status < 300) return null;
  const said = `${description}: the service answered ${status}${reason === "" ? "" : ` ${reason}`}`;
  if (status < 400) {
    const message = `${said}, Location ${headers.location ?? "(none)"}. Redirects are not followed: set url to where it leads.`;
    return { code: "agent-refused", message };
  }
  const body = response.text.trim();
  const words =
    body === "" ? ", and nothing more." : `: ${body.slice(0, SHOWN)}${body.length > SHOWN ? " …" : ""}`;
  if (MAY_PASS.has(status) || (NOT_THERE.has(status) && body === "")) {
    return { code: "agent-failed-to-start", message: said + words };
  }
  if (status >= 500) return { code: "agent-crashed", message: said + words };
  return { code: "agent-refused", message: `${said}${words}\nCorrect the url, headers or body of httpTask.` };
}
