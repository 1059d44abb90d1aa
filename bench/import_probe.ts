/** Prints how long an import takes in a process that has imported nothing. */
import process from "node:process";

const start = performance.now();
await import(process.argv[2]!);
console.log(performance.now() - start);
