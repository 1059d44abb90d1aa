import { mkdir } from "node:fs/promises";
import denoJson from "../deno.json" with { type: "json" };
import type { TestReport } from "./test_report.ts";
import { type Finished, run } from "./run.ts";

const ENTRIES = Object.values(denoJson.exports);

const OUTPUT = "out/docs";

/** The problems that a command found. */
interface Findings {
  readonly problems: readonly string[];
  readonly seconds: number;
}

/** Checks that everything public is documented, and that the reference can be built. */
export async function checkReference(testReport: TestReport): Promise<void> {
  const report = (title: string, { problems, seconds }: Findings) => {
    const output = problems.join("\n\n");
    testReport.record(title, { passed: output ? 0 : 1, failed: output ? 1 : 0, output, seconds });
  };
  const linted = await doc("--lint");
  report("deno doc --lint", { ...linted, problems: listLintErrors(linted.output) });
  report(`deno doc --html writes ${OUTPUT} without a warning`, await writeReference());
  const described = await doc("--json", "--quiet");
  const problems = described.ok ? listUndescribed(described.output) : [described.output];
  report("functions and classes have examples", { ...described, problems });
}

/** Writes the reference as HTML. */
export async function writeReference(): Promise<Findings & { readonly folder: string }> {
  await mkdir(OUTPUT, { recursive: true });
  const built = await doc("--html", `--name=${denoJson.name}`, `--output=${OUTPUT}`);
  const problems = built.ok ? listOwnWarnings(built.output) : [built.output];
  return { problems, seconds: built.seconds, folder: OUTPUT };
}

function doc(...args: string[]): Promise<Finished> {
  return run([Deno.execPath(), "doc", ...args, ...ENTRIES]);
}

/** Lists the errors of the linter, except that no entry exports the types of the OpenAI client. */
function listLintErrors(output: string): string[] {
  const known = /references private type '(?:ClientOptions|OpenAI)'/;
  const errors = output.split(/^(?=error\[)/m);
  const found = errors.filter((error) => error.startsWith("error[") && !known.test(error));
  return errors.length > 1 || output.includes("Checked") ? found : [output];
}

/** Lists the warnings, except those about the declarations of packages. */
function listOwnWarnings(output: string): string[] {
  return output.split(/^(?=Warning )/m)
    .filter((warning) => warning.startsWith("Warning ") && !warning.includes("/node_modules/"));
}

interface Declaration {
  readonly kind: string;
  readonly jsDoc?: { readonly tags?: readonly { readonly kind: string; readonly name?: string }[] };
  readonly def?: { readonly params?: readonly unknown[] };
}

/**
 * Lists the functions and classes without an example, and functions with undocumented parameters.
 */
function listUndescribed(output: string): string[] {
  const { nodes } = JSON.parse(output.slice(output.indexOf("{"))) as {
    nodes: Record<string, { symbols?: { name: string; declarations: Declaration[] }[] }>;
  };
  return Object.entries(nodes).flatMap(([module, { symbols = [] }]) =>
    symbols.flatMap(({ name, declarations }) =>
      declarations.flatMap(({ kind, jsDoc, def }) => {
        if (kind !== "function" && kind !== "class") return [];
        const tags = (jsDoc?.tags ?? []).map((tag) => tag.kind);
        const params = kind === "function" ? def?.params?.length ?? 0 : 0;
        const lacks = [
          ...(tags.includes("example") ? [] : ["@example"]),
          ...(tags.filter((tag) => tag === "param").length === params ? [] : ["@param"]),
        ];
        return lacks.map((tag) => `${name} in ${module} lacks ${tag}`);
      })
    )
  );
}

if (import.meta.main) {
  Deno.chdir(`${import.meta.dirname}/..`);
  const { problems, folder } = await writeReference();
  for (const problem of problems) console.error(problem);
  console.log(`Wrote the API reference to ${folder}/index.html`);
  Deno.exit(problems.length === 0 ? 0 : 1);
}
