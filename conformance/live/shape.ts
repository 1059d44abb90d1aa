/** The kinds of values at each path of a JSON value; elements of a list share one path. */
export type Shape = ReadonlyMap<string, ReadonlySet<string>>;

/** Describes a JSON value by its fields and their kinds, without its content. */
export function shapeOf(value: unknown): Shape {
  const shape = new Map<string, Set<string>>();
  visit(value, "", shape);
  return shape;
}

/**
 * Lists the fields and kinds that only one of the shapes has. Null matches every kind, and an empty
 * list matches every list.
 */
export function shapeDifferences(expected: Shape, found: Shape): string[] {
  const differences: string[] = [];
  for (const [path, kinds] of expected) {
    const other = found.get(path);
    const name = path || "the response";
    if (!other) {
      const isField = !path.endsWith("[]") && found.get(parent(path))?.has("object");
      if (isField) differences.push(`${name} is missing`);
    } else if (
      ![...other].some((kind) => kinds.has(kind) || kind === "null" || kinds.has("null"))
    ) {
      differences.push(`${name} is ${[...other].join(" or ")}, not ${[...kinds].join(" or ")}`);
    }
  }
  for (const path of found.keys()) {
    const isField = !path.endsWith("[]") && expected.get(parent(path))?.has("object");
    if (isField && !expected.has(path)) differences.push(`${path} is new`);
  }
  return differences;
}

/** Lists the types of the events of a stream, without repetitions in a row. */
export function eventTypes(stream: string): string[] {
  const types: string[] = [];
  for (const block of stream.split(/\r?\n\r?\n/)) {
    const data = block.split(/\r?\n/).find((line) => line.startsWith("data:"))?.slice(5).trim();
    if (data === undefined) continue;
    const type = data === "[DONE]" ? data : typeOf(data);
    if (types.at(-1) !== type) types.push(type);
  }
  return types;
}

function visit(value: unknown, path: string, shape: Map<string, Set<string>>): void {
  const kind = value === null ? "null" : Array.isArray(value) ? "a list" : typeof value;
  shape.set(path, (shape.get(path) ?? new Set()).add(kind));
  if (Array.isArray(value)) { for (const element of value) visit(element, `${path}[]`, shape); }
  else if (typeof value === "object" && value !== null) {
    for (const [name, field] of Object.entries(value)) {
      visit(field, path ? `${path}.${name}` : name, shape);
    }
  }
}

function parent(path: string): string {
  return path.endsWith("[]")
    ? path.slice(0, -2)
    : path.slice(0, Math.max(path.lastIndexOf("."), 0));
}

function typeOf(data: string): string {
  try {
    const event = JSON.parse(data) as { type?: string; object?: string; error?: unknown };
    return event.type ?? event.object ?? (event.error ? "error" : "an event without a type");
  } catch {
    return "not JSON";
  }
}
