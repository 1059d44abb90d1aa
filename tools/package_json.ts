/** The parts of `deno.json` that go into the npm package. */
export interface DenoConfig {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, string>>;
}

/** The two module systems, by folder. */
export const SYSTEMS = ["esm", "cjs"] as const;

const COMMAND_LINE = "./cli";

/** The packages that some entries and commands need; users install those they use. */
const PEERS = [
  "@aws-crypto/sha256-js",
  "@aws-sdk/credential-provider-node",
  "@smithy/signature-v4",
  "aws4fetch",
];

/** The oldest client that is tested, with `.fetch`; `provider` needs 6.45. */
const OPENAI = ">=4.104.0";

/** Lists the entries that can be imported, with their source files. */
export function importedEntries({ exports }: DenoConfig): [name: string, file: string][] {
  return Object.entries(exports).filter(([name]) => name !== COMMAND_LINE);
}

/** Finds the source file of the command line, which only runs as an ES module. */
export function commandLine({ exports }: DenoConfig): string {
  const file = exports[COMMAND_LINE];
  if (file === undefined) throw new TypeError(`deno.json exports no ${COMMAND_LINE}`);
  return file;
}

/** Creates the `package.json` of the npm package. */
export function packageJson(config: DenoConfig): object {
  const { name, version, license, imports } = config;
  const entries = importedEntries(config);
  const peers = Object.fromEntries(PEERS.map((peer) => [peer, versionOf(imports[peer], peer)]));
  const peerDependencies = { ...peers, openai: OPENAI };
  return {
    name,
    version,
    description: "Points the OpenAI client, or any other that takes a fetch, at Amazon Bedrock",
    keywords: ["openai", "amazon-bedrock", "bedrock-mantle", "aws", "sigv4"],
    license,
    type: "module",
    // For `process.getBuiltinModule()`
    engines: { node: "^20.16.0 || >=22.3.0" },
    sideEffects: false,
    files: ["dist", "docs", "SECURITY.md", "CHANGELOG.md"],
    bin: { bedrock: built("esm", commandLine(config), ".js") },
    exports: {
      ...Object.fromEntries(entries.map(([entry, file]) => [entry, {
        import: conditions("esm", file),
        require: conditions("cjs", file),
      }])),
      "./package.json": "./package.json",
    },
    // For tools that do not support `exports`
    main: built("cjs", config.exports["."]!, ".js"),
    types: built("cjs", config.exports["."]!, ".d.ts"),
    typesVersions: {
      "*": Object.fromEntries(
        entries.filter(([entry]) => entry !== ".")
          .map(([entry, file]) => [entry.slice(2), [built("cjs", file, ".d.ts")]]),
      ),
    },
    peerDependencies,
    peerDependenciesMeta: Object.fromEntries(
      Object.keys(peerDependencies).map((peer) => [peer, { optional: true }]),
    ),
  };
}

function conditions(system: typeof SYSTEMS[number], file: string) {
  return { types: built(system, file, ".d.ts"), default: built(system, file, ".js") };
}

function built(system: typeof SYSTEMS[number], file: string, suffix: string): string {
  return file.replace("./", `./dist/${system}/`).replace(/\.ts$/, suffix);
}

/** Reads the version range in a specifier of `deno.json`, such as `npm:openai@^7.0.0`. */
function versionOf(specifier: string | undefined, name: string): string {
  const version = specifier?.match(/^npm:.+@(.+)$/)?.[1];
  if (version === undefined) throw new TypeError(`deno.json has no version of ${name}`);
  return version;
}
