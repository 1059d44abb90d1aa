/** Bundles a program with each bundler, into a folder: `bundle.mjs <program> <folder>`. */
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";

// By name, so that the checks of the project, which has no bundlers, do not look for them
const load = (bundler) => import(bundler);
const { default: esbuild } = await load("esbuild");
const { build } = await load("vite");
const { default: webpack } = await load("webpack");

const [program, folder] = process.argv.slice(2);

await esbuild.build({
  entryPoints: [program],
  bundle: true,
  minify: true,
  format: "esm",
  outfile: join(folder, "esbuild.mjs"),
});

await build({
  configFile: false,
  logLevel: "warn",
  root: join(program, ".."),
  build: {
    outDir: folder,
    emptyOutDir: false,
    minify: true,
    lib: { entry: program, formats: ["es"], fileName: () => "vite.mjs" },
  },
});

const stats = await promisify(webpack)({
  mode: "production",
  target: ["web", "es2022"],
  entry: program,
  experiments: { outputModule: true },
  output: { path: folder, filename: "webpack.mjs", module: true },
  performance: false,
});
if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString("errors-warnings"));
await esbuild.stop();
