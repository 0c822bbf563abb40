// Copies the woff2 files that css/fonts.css names, and the one woff that certificates are printed with: Python reads it without Brotli. The maths font is cut down by build/subset_maths.py where fontTools is at hand.
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { spawnSync } from "node:child_process";

const require = createRequire(import.meta.url);

const FILES = {
  "source-serif-4-latin.woff2": "@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-normal.woff2",
  "source-serif-4-greek.woff2": "@fontsource-variable/source-serif-4/files/source-serif-4-greek-wght-normal.woff2",
  "source-serif-4-italic-latin.woff2": "@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-italic.woff2",
  "source-serif-4-italic-greek.woff2": "@fontsource-variable/source-serif-4/files/source-serif-4-greek-wght-italic.woff2",
  "source-sans-3-latin.woff2": "@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2",
  "source-sans-3-greek.woff2": "@fontsource-variable/source-sans-3/files/source-sans-3-greek-wght-normal.woff2",
  "source-code-pro-latin.woff2": "@fontsource-variable/source-code-pro/files/source-code-pro-latin-wght-normal.woff2",
  "source-code-pro-greek.woff2": "@fontsource-variable/source-code-pro/files/source-code-pro-greek-wght-normal.woff2",
};
const MATHS = "@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff2";
const PRINTED = "@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff";
const PYTHON = process.env.COURSESITE_AUTHOR_PYTHON ?? "../.dev/author/bin/python";

export function copyFonts(folder) {
  mkdirSync(folder, { recursive: true });
  for (const [name, source] of Object.entries(FILES)) copyFileSync(require.resolve(source), `${folder}/${name}`);
  copyFileSync(require.resolve(PRINTED), `${folder}/stix-two-math.woff`);
  const maths = `${folder}/stix-two-math.woff2`;
  if (existsSync(maths)) return; // watching: it takes seconds and does not change
  if (existsSync(PYTHON)) {
    const cut = spawnSync(PYTHON, ["build/subset_maths.py", require.resolve(MATHS), maths], { encoding: "utf8" });
    if (cut.status === 0) return;
    console.warn(`maths font not cut down, shipping it whole: ${cut.stderr.trim().split("\n").at(-1)}`);
  }
  copyFileSync(require.resolve(MATHS), maths);
}
