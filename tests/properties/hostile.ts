import fc from "fast-check";

/** The error that hostile values throw, unlike any of ours or of the platform. */
export class Hostility extends Error {
  override readonly name = "Hostility";
}

function hostility(): never {
  throw new Hostility("a hostile value was touched");
}

const everyTrap: ProxyHandler<object> = Object.fromEntries(
  Reflect.ownKeys(Reflect).map((trap) => [trap, hostility]),
);

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function cycle(): object {
  const value: Record<string, unknown> = {};
  value.self = value;
  return value;
}

/** By name, so that an input that breaks a claim can be printed. */
const MAKERS = {
  "null": () => null,
  "true": () => true,
  "false": () => false,
  "a number": () => 7,
  "a negative number": () => -1,
  "not a number": () => NaN,
  "infinity": () => Infinity,
  "a bigint": () => 10n,
  "a symbol": () => Symbol("hostile"),
  "an empty text": () => "",
  "white space": () => " \t",
  "a boxed text": () => new String("us-west-2"),
  "an array": () => ["us-west-2"],
  "an object": () => ({}),
  "an object without a prototype": () => Object.create(null),
  "a function": () => () => "us-west-2",
  "a throwing function": () => hostility,
  "a throwing proxy": () => new Proxy({}, everyTrap),
  "a throwing proxy of a function": () => new Proxy(() => {}, everyTrap),
  "a throwing proxy of an array": () => new Proxy([], everyTrap),
  "a revoked proxy": revoked,
  "a cycle": cycle,
  "a date": () => new Date(0),
  "an invalid date": () => new Date(NaN),
  "a map": () => new Map([["region", "us-west-2"]]),
  "a promise": () => Promise.resolve("us-west-2"),
  "a rejected promise": () => {
    const rejected = Promise.reject(new Hostility("rejected"));
    rejected.catch(() => {});
    return rejected;
  },
  "a throwing thenable": () => ({
    get then() {
      return hostility();
    },
  }),
  "throws where it is made a text": () => ({
    toString: hostility,
    toJSON: hostility,
    valueOf: hostility,
    [Symbol.toPrimitive]: hostility,
  }),
  "throws where it is looked into": () =>
    Object.defineProperties({}, {
      region: { enumerable: true, get: hostility },
      accessKeyId: { enumerable: true, get: hostility },
      AWS_REGION: { enumerable: true, get: hostility },
    }),
} satisfies Record<string, () => unknown>;

/** The name of a hostile value. */
export type Hostile = keyof typeof MAKERS;

/** Any hostile value, by name. */
export const hostile: fc.Arbitrary<Hostile> = fc.constantFrom(...Object.keys(MAKERS) as Hostile[]);

/** Makes a hostile value. */
export function made(name: Hostile): unknown {
  return MAKERS[name]();
}
