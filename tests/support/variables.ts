/**
 * Runs with variables of the process set, or absent where undefined, and sets them back
 * afterwards.
 */
export async function withVariables<T>(variables: object, run: () => T | Promise<T>): Promise<T> {
  const before = { ...process.env };
  set(variables);
  try {
    return await run();
  } finally {
    set(Object.fromEntries(Object.keys(variables).map((name) => [name, before[name]])));
  }
}

function set(variables: object): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
