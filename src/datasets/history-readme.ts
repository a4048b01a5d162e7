/** What somebody reads who finds the branch. */
export const BRANCH_README = `# The history of the eval cases

\`tracegate gate --record\` writes this branch on pushes to the main branch; the gate of a pull request reads it. Nobody needs to check it out or
merge it.

- \`runs/\`: one file per run of main. The first line names time and commit; every other line is one trial of one case: for each scorer its
  comparability key, and 1 for a pass.
- \`passing/\`: per case one run that passed, redacted and cut, to be shown beside one that fails.

Runs that can count no more are dropped when the next one is recorded. To forget everything, delete the branch.
`;
