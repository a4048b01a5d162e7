import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makeTrace } from "../../src/testing/make-trace.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { Browser, findBrowser } from "./browser.ts";
import { traceFullOf } from "./hostile-trace.ts";
import { pageOf } from "./page-of.ts";

const program = findBrowser();

describe.skipIf(program === null)("the page in Chromium (skipped where there is none: npm run setup)", () => {
  const folder = temporaryFolder();
  const path = join(folder.path, "page.html");
  const url = pathToFileURL(path).href;
  let browser: Browser;

  beforeAll(async () => {
    browser = await Browser.open(program ?? "");
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    folder.remove();
  });

  it("runs nothing that a trace says, and is laid out by its own style", async () => {
    const hostile = `<script>document.title="owned"</script><img src=x onerror="document.title='owned'">" onload="document.title='owned'`;
    writeFileSync(path, await pageOf(traceFullOf(hostile)));
    await browser.show(url, 1280);
    expect(await browser.evaluate("document.title")).toBe(hostile);
    expect(await browser.evaluate("document.querySelectorAll('script, img, [onload]').length")).toBe(0);
    // Would be the browser's 8px if the policy refused the style.
    expect(await browser.evaluate("getComputedStyle(document.body).margin")).toBe("0px");
  });

  it("is used by keyboard alone: a step has the focus, opens, and shows its contents", async () => {
    writeFileSync(
      path,
      await pageOf({ trace: makeTrace({ toolCalls: [{ name: "get_order", result: "found it" }] }) }),
    );
    await browser.show(url, 1280);
    const focused = "document.activeElement.closest('li')?.textContent.includes('execute_tool get_order')";
    const isStep = `document.activeElement.matches('summary.row') && document.activeElement.textContent.includes('get_order')`;
    let presses = 0;
    for (; presses < 60 && !(await browser.evaluate(isStep)); presses++) await browser.press("Tab");
    expect(await browser.evaluate(focused)).toBe(true);
    const isVisible = `[...document.querySelectorAll('pre')].some((pre) => pre.textContent === '"found it"' || pre.textContent === 'found it' ? pre.checkVisibility() : false)`;
    expect(await browser.evaluate(`document.activeElement.parentElement.open`)).toBe(false);
    await browser.press("Enter");
    expect(await browser.evaluate(`document.activeElement.parentElement.open`)).toBe(true);
    expect(await browser.evaluate(isVisible)).toBe(true);
  });

  it("says to a screen reader what a row shows", async () => {
    const toolCalls = [{ name: "get_order", error: { type: "timeout" } }];
    writeFileSync(path, await pageOf({ trace: makeTrace({ toolCalls }) }));
    await browser.show(url, 1280);
    await browser.send("Accessibility.enable");
    const { nodes } = await browser.send<{
      nodes: readonly {
        readonly role?: { readonly value: string };
        readonly name?: { readonly value: string };
      }[];
    }>("Accessibility.getFullAXTree");
    const rows = nodes
      .filter((node) => node.role?.value === "DisclosureTriangle")
      .map((node) => node.name?.value);
    expect(rows).toContainEqual(
      expect.stringMatching(/^tool execute_tool get_order failed.*timeout.*, began at 0 ms, took 100 ms/s),
    );
  });

  it.each([1280, 390])(
    "needs no sideways scrolling at %d pixels, and its bars share one axis",
    async (width) => {
      writeFileSync(path, await pageOf(traceFullOf(`${"long".repeat(200)} words`)));
      await browser.show(url, width);
      expect(await browser.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      const widths = await browser.evaluate<number[]>(
        "[...document.querySelectorAll('summary.row .bar')].map((bar) => Math.round(bar.getBoundingClientRect().width))",
      );
      expect(new Set(widths).size).toBe(1);
    },
  );

  it("opens what a link leads to", async () => {
    const trace = makeTrace({ toolCalls: [{ name: "get_order" }] });
    const issue = { code: "unended-span" as const, message: "x", spanIds: [trace.spans[1]?.spanId ?? ""] };
    const quality = { ...trace.quality, issues: [issue] };
    writeFileSync(path, await pageOf({ trace: { ...trace, quality } }));
    await browser.show(url, 1280);
    await browser.evaluate("document.querySelector('.steps > li > details').open = false");
    await browser.evaluate("document.querySelector('.issues a').click()");
    expect(await browser.evaluate("location.hash")).toBe("#t1-s2");
    expect(await browser.evaluate("document.querySelector('.steps > li > details').open")).toBe(true);
  });
});
