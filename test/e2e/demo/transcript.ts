/** What differs between two runs of the demo, and what stands for it here. */
const CHANGING: readonly (readonly [RegExp, string])[] = [
  [/shop-\d+-\w{6}/g, "<workspace>"],
  [/http:\/\/127\.0\.0\.1:\d+/g, "<url>"],
  [/\(\d+ bytes\)/g, "<bytes>"],
  [/^( {2}git commit +)[0-9a-f]{7,}$/gm, "$1<commit>"],
  [/^ {4}Spent .*\.$/gm, "    Spent <amounts>."],
  [/^Done in \d+ s\./gm, "Done in <seconds>."],
  // How the simulated model words an answer, and so where its lines break, depends on which trial came first.
  [/^ {2}answer: [\s\S]*?(?=^ {2}every scorer passed)/gm, "  answer: <answer>\n"],
];

/**
 * The output of a demo without what changes from run to run, by section. Requests are served several at a time, so the order
 * of cases is not fixed: the lines of a section are sorted.
 */
export function comparable(output: string): readonly (readonly string[])[] {
  const masked = CHANGING.reduce((text, [pattern, sign]) => text.replace(pattern, sign), output.trim());
  return masked.split(/\n(?=\d\. )/).map((section) =>
    section
      .split("\n")
      .filter((line) => line !== "")
      .toSorted(),
  );
}
