// LaTeX to MathML. Reads {"id", "tex", "display", "macros"} a line, answers {"id", "mathml"} or {"id", "error"} a line.
import { createInterface } from "node:readline";
import temml from "temml";

for await (const line of createInterface({ input: process.stdin })) {
  const { id, tex, display, macros } = JSON.parse(line);
  try {
    const options = { displayMode: display, macros: { ...macros }, throwOnError: true, maxExpand: 1000, trust: false };
    process.stdout.write(`${JSON.stringify({ id, mathml: temml.renderToString(tex, options) })}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ id, error: String(error.message ?? error) })}\n`);
  }
}
