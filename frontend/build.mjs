// Builds frontend/dist: every src/*.ts and every index.ts or worker.ts of src/labs/*/ is an entry, beside the style sheets,
// the fonts and the icons.
import { copyFileSync, existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { context } from "esbuild";
import { copyFonts } from "./build/fonts.mjs";
import { drawSprite } from "./build/icons.mjs";
import { tokens } from "./build/tokens.mjs";

process.chdir(import.meta.dirname);

const names = (folder) => (existsSync(folder) ? readdirSync(folder) : []);
const pages = names("src").filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts") && !name.endsWith(".test.ts"));
const labs = (file) => names("src/labs").filter((name) => existsSync(`src/labs/${name}/${file}.ts`));
const sheets = ["site", "exercise", "preview"].filter((name) => existsSync(`css/${name}.css`));

const scripts = {
  entryPoints: [
    ...pages.map((name) => ({ in: `src/${name}`, out: name.slice(0, -".ts".length) })),
    ...labs("index").map((name) => ({ in: `src/labs/${name}/index.ts`, out: `lab-${name}` })),
    ...labs("worker").map((name) => ({ in: `src/labs/${name}/worker.ts`, out: `lab-${name}-worker` })),
  ],
  format: "esm",
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
};
const styles = {
  entryPoints: sheets.map((name) => ({ in: `css/${name}.css`, out: name })),
  external: ["*.woff2", "*.svg"],
  plugins: [tokens],
};
const watching = process.argv.includes("--watch");
const outdir = watching ? "dist" : `node_modules/.dist-${process.pid}`; // a build takes its place whole, so that a running site never misses a file
const common = { bundle: true, outdir, minify: true, target: ["es2022"], logLevel: "info" };

copyFonts(`${outdir}/fonts`);
drawSprite(`${outdir}/icons.svg`);
copyFileSync("favicon.svg", `${outdir}/favicon.svg`);

for (const options of [scripts, styles]) {
  const build = await context({ ...common, ...options });
  if (watching) {
    await build.watch();
  } else {
    await build.rebuild();
    await build.dispose();
  }
}

if (!watching) {
  rmSync("dist", { recursive: true, force: true });
  renameSync(outdir, "dist");
}
