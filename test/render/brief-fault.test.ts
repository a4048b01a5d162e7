import { describe, expect, it } from "vitest";

import { briefFault, briefReasons } from "../../src/render/brief-fault.ts";
import { report, result } from "../action/reports.ts";

const MODULE = `agent.mjs: TypeError: no such model
    at node:internal/deps/undici:1:2
    at call (file:///shop/node_modules/client/index.js:9:9)
    at lookUp (file:///shop/agent.mjs:1:27)
    at async answer (file:///shop/agent.mjs:2:105)
(Tried twice.)`;

describe("briefFault", () => {
  it("tells the error of a module and the agent's own line in its stack", () => {
    expect(briefFault(MODULE)).toBe(
      "agent.mjs: TypeError: no such model at lookUp (file:///shop/agent.mjs:1:27) (Tried twice.)",
    );
  });

  it("tells the first line of the error of a Node command", () => {
    const message = `node run.mjs: ended with exit code 1. Its last error output:
       ^

Error: no such model
Known: a, b
    at lookUp (file:///shop/agent.mjs:1:27)

Node.js v24.21.0`;
    expect(briefFault(message)).toBe(
      "node run.mjs: ended with exit code 1. Error: no such model at lookUp (file:///shop/agent.mjs:1:27)",
    );
  });

  it("tells the error of a Python command, and the innermost place", () => {
    const message = `python3 agent.py: ended with exit code 1. Its last error output:
Traceback (most recent call last):
  File "/shop/agent.py", line 5, in <module>
    main()
  File "/shop/agent.py", line 2, in look_up
    raise ValueError("no such model")
ValueError: no such model
(Tried twice.)`;
    expect(briefFault(message)).toBe(
      "python3 agent.py: ended with exit code 1. ValueError: no such model at /shop/agent.py:2, in look_up (Tried twice.)",
    );
  });

  it("leaves what has no stack as it is", () => {
    expect(briefFault("agent.mjs: did not end within 5 ms and was killed.")).toBeNull();
    expect(
      briefFault("go run .: ended with exit code 2. Its last error output:\npanic: no such model"),
    ).toBeNull();
  });
});

describe("briefReasons", () => {
  const reasonsFor = (message: string, quoted: string) =>
    briefReasons(
      report({
        verdict: { reasons: [`order-17 crashes here. ${quoted}`, "The evidence of a break is 44 to 1."] },
        results: [result({ fault: { code: "agent-crashed", message } })],
      }),
    );

  it("puts it where a reason quotes the stack, also one that the reason cuts", () => {
    const brief =
      "order-17 crashes here. agent.mjs: TypeError: no such model at lookUp (file:///shop/agent.mjs:1:27)";
    const evidence = "The evidence of a break is 44 to 1.";
    const line = (message: string) => message.replaceAll(/\s+/g, " ");
    expect(reasonsFor(MODULE, line(MODULE))).toEqual([`${brief} (Tried twice.)`, evidence]);
    const long = MODULE.replace("\n(Tried twice.)", "\n    at deep (file:///shop/agent.mjs:7:7)".repeat(20));
    expect(reasonsFor(long, `${line(long).slice(0, 599)}…`)).toEqual([brief, evidence]);
  });

  it("leaves other reasons as they are", () => {
    expect(reasonsFor(MODULE, "agent.mjs: another")[0]).toBe("order-17 crashes here. agent.mjs: another");
  });
});
