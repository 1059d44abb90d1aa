/** The name of an error and its code, or that of its cause, which unlike messages hold no secrets. */
export function kindOf(error: unknown): string {
  const { name, code, cause } = Object(error);
  return [name, code ?? Object(cause).code]
    .filter((word) => typeof word === "string" && /^\w{1,40}$/.test(word)).join(" ") ||
    "unknown";
}
