/**
 * Writes the API reference as HTML: `deno task docs`.
 *
 * @module
 */
import { writeReference } from "./reference.ts";

Deno.chdir(`${import.meta.dirname}/..`);
const { problems, folder } = await writeReference();
for (const problem of problems) console.error(problem);
console.log(`The reference is in ${folder}/index.html`);
Deno.exit(problems.length === 0 ? 0 : 1);
