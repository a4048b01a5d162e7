/**
 * The groups of files that import each other in a circle (strongly connected components of more than one
 * file, and files that import themselves), each sorted. Tarjan's algorithm, with the stack made explicit so that a long
 * chain of imports cannot overflow it.
 */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open = new Set<string>();
  const stack: string[] = [];
  const cycles: string[][] = [];

  for (const start of graph.keys()) {
    if (order.has(start)) continue;
    const work: { readonly file: string; readonly rest: string[] }[] = [];
    const enter = (file: string): void => {
      order.set(file, order.size);
      lowest.set(file, order.size - 1);
      open.add(file);
      stack.push(file);
      work.push({ file, rest: [...(graph.get(file) ?? [])].filter((target) => graph.has(target)) });
    };
    enter(start);
    for (let frame = work.at(-1); frame; frame = work.at(-1)) {
      const next = frame.rest.pop();
      if (next !== undefined) {
        if (!order.has(next)) enter(next);
        else if (open.has(next)) lower(lowest, frame.file, order.get(next));
        continue;
      }
      work.pop();
      const parent = work.at(-1);
      if (parent) lower(lowest, parent.file, lowest.get(frame.file));
      if (lowest.get(frame.file) !== order.get(frame.file)) continue;
      const members = stack.splice(stack.indexOf(frame.file));
      for (const member of members) open.delete(member);
      if (members.length > 1 || graph.get(frame.file)?.includes(frame.file)) cycles.push(members.sort());
    }
  }
  return cycles.sort();
}

function lower(lowest: Map<string, number>, file: string, value: number | undefined): void {
  lowest.set(file, Math.min(lowest.get(file) ?? 0, value ?? 0));
}
