/** An object with the undefined members left out, as `exactOptionalPropertyTypes` wants it. */
export function present<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  const result: { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } = {};
  for (const key in fields) {
    const value = fields[key];
    if (isPresent(value)) result[key] = value;
  }
  return result;
}

/** {@link present}, or undefined when nothing is left. */
export function presentOrNothing<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } | undefined {
  const result = present(fields);
  return Object.keys(result).length === 0 ? undefined : result;
}

function isPresent<Value>(value: Value): value is Exclude<Value, undefined> {
  return value !== undefined;
}
