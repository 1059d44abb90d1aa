type Variables = Record<string, string | undefined>;

/** Variables that keep AWS's packages away from files and the network. */
export const NO_AWS_SETUP: Readonly<Record<string, string>> = {
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: "no-such-file",
  AWS_SHARED_CREDENTIALS_FILE: "no-such-file",
};

/** Adds {@link NO_AWS_SETUP} to variables, which may change later. */
export function foundVariables(variables: Readonly<Record<string, string>>): object {
  return new Proxy(variables, {
    get: (target, name) => Reflect.get(target, name) ?? Reflect.get(NO_AWS_SETUP, name),
  });
}

const { env } = (globalThis as { process?: { env?: Variables } }).process ?? {};

/** The names of the process's own variables that clients read, if they can be listed. */
const inherited = namesOfProcess()?.filter((name) => /^(?:AWS|OPENAI)_/.test(name));

function namesOfProcess(): string[] | undefined {
  try {
    return env && Object.keys(env);
  } catch {
    return undefined;
  }
}

/** The variables that are set, and their values from before. */
interface Scope {
  readonly variables: object;
  readonly before: Variables;
  users: number;
}

/** The current scope. A case that hangs never leaves its own, which the next one then replaces. */
let active: Scope | undefined;

/** Runs a function with these variables, and without any others of AWS and OpenAI. */
export async function withVariables<T>(
  variables: Readonly<Record<string, string>>,
  run: () => T | Promise<T>,
): Promise<T> {
  const scope = enter(variables);
  try {
    return await run();
  } finally {
    leave(scope);
  }
}

/** Runs a generator in the same way. */
export async function* yieldingWithVariables<T>(
  variables: Readonly<Record<string, string>>,
  run: () => AsyncIterable<T>,
): AsyncGenerator<T> {
  const scope = enter(variables);
  try {
    yield* run();
  } finally {
    leave(scope);
  }
}

function enter(variables: Readonly<Record<string, string>>): Scope | undefined {
  const users = active?.variables === variables ? active.users : 0;
  if (env && active) assign(env, active.before);
  if (!env || !inherited) return undefined;
  const wanted: Variables = {
    ...Object.fromEntries(inherited.map((name) => [name, undefined])),
    ...NO_AWS_SETUP,
    ...variables,
  };
  const before = Object.fromEntries(Object.keys(wanted).map((name) => [name, env[name]]));
  assign(env, wanted);
  return active = { variables, before, users: users + 1 };
}

function leave(scope: Scope | undefined): void {
  if (!env || !active || active.variables !== scope?.variables || --active.users > 0) return;
  assign(env, active.before);
  active = undefined;
}

function assign(env: Variables, values: Variables): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) delete env[name];
    else env[name] = value;
  }
}
