/** Characters of the end of a text that go into its sketch. */
const END = 24;

/** The texts of one sketch: mostly one. */
interface Bucket<Value> {
  readonly text: string;
  readonly value: Value;
  others: Map<string, Value> | undefined;
}

/**
 * A map from long texts. A `Map` reads every text to its end for a hash; here texts are told apart by size and
 * ending first, and only those that agree in both are hashed.
 */
export class TextMap<Value> {
  private readonly buckets = new Map<string, Bucket<Value>>();

  get(text: string): Value | undefined {
    const bucket = this.buckets.get(sketchOf(text));
    return bucket?.text === text ? bucket.value : bucket?.others?.get(text);
  }

  /** Adds a text that is not there yet. */
  add(text: string, value: Value): void {
    const sketch = sketchOf(text);
    const bucket = this.buckets.get(sketch);
    if (!bucket) this.buckets.set(sketch, { text, value, others: undefined });
    else {
      bucket.others ??= new Map();
      bucket.others.set(text, value);
    }
  }
}

function sketchOf(text: string): string {
  return `${text.length} ${text.slice(-END)}`;
}
