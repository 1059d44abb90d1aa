/** Runs with variables of the process set, or absent where undefined, and sets them back afterwards. */
export async function withVariables(
  variables: object,
  run: () => void | Promise<void>,
): Promise<void> {
  const before = { ...process.env };
  set(variables);
  try {
    await run();
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
