/** Something that becomes due. */
interface Entry {
  readonly dueAt: number;
  readonly key: string;
}

/**
 * Keys by due time: a binary heap in which a key may stand more than once. The reader drops what is
 * stale, so that moving a key's time later (every arriving span does) costs nothing here.
 */
export class DueOrder {
  #heap: Entry[] = [];

  /** Entries, stale ones included. */
  get size(): number {
    return this.#heap.length;
  }

  push(key: string, dueAt: number): void {
    const heap = this.#heap;
    const entry = { key, dueAt };
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex];
      if (parent === undefined || parent.dueAt <= dueAt) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = entry;
  }

  /** The earliest entry, left in place. */
  peek(): Entry | undefined {
    return this.#heap[0];
  }

  /** Takes the earliest entry out. */
  pop(): Entry | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.#sink(last);
    return first;
  }

  clear(): void {
    this.#heap = [];
  }

  #sink(entry: Entry): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      const useRight = left !== undefined && right !== undefined && right.dueAt < left.dueAt;
      const child = useRight ? right : left;
      if (child === undefined || child.dueAt >= entry.dueAt) break;
      heap[index] = child;
      index = 2 * index + (useRight ? 2 : 1);
    }
    heap[index] = entry;
  }
}
