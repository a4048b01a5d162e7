// An agent whose module throws before it has any export.
export const started: string = refuse();

function refuse(): never {
  throw new Error("no configuration");
}
