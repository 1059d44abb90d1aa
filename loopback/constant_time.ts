const encoder = new TextEncoder();

/** Compares two secrets in a time that does not tell where they differ. */
export function sameSecret(one: string, other: string): boolean {
  const a = encoder.encode(one);
  const b = encoder.encode(other);
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ (b[i] ?? 0);
  return difference === 0;
}
