// One sprite of the Lucide icons that the pages use; <svg class="icon"><use href="icons.svg#name"></svg> picks one,
// and the class gives it its stroke.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { createRequire } from "node:module";

const USED = [
  "activity", "arrow-left", "arrow-right", "ban", "book-open", "chart-line", "check", "chevron-down", "chevron-right",
  "circle", "circle-check", "circle-dashed", "circle-dot-dashed", "circle-x", "clock", "code", "copy", "cpu", "download",
  "eye", "flask-conical", "gauge", "git-compare", "grip-vertical", "arrow-up", "arrow-down", "history", "hourglass",
  "info", "languages", "lightbulb", "list", "lock", "log-out", "menu", "minus", "monitor", "moon", "pause", "play", "plus",
  "rotate-ccw", "send", "server-crash", "square", "star", "sun", "table", "trending-up", "triangle-alert", "user",
  "bell", "bookmark", "key-round", "link", "mail", "pencil", "users", "shield-check", "wifi-off", "x",
];

const require = createRequire(import.meta.url);

export function drawSprite(path) {
  const symbols = USED.map((name) => {
    const svg = readFileSync(require.resolve(`lucide-static/icons/${name}.svg`), "utf8");
    const inner = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
    return `<symbol id="${name}" viewBox="0 0 24 24">${inner.replace(/\s+/g, " ").trim()}</symbol>`;
  });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}
