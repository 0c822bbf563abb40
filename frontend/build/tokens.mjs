// Turns css/tokens.json, {name: [light, dark]}, into custom properties for the system's theme and for [data-theme].
import { readFileSync } from "node:fs";

export const tokens = {
  name: "tokens",
  setup(build) {
    build.onLoad({ filter: /tokens\.json$/ }, ({ path }) => {
      const pairs = Object.entries(JSON.parse(readFileSync(path, "utf8")));
      const painted = (theme) => pairs.map(([name, colours]) => `--${name}:${colours[theme]};`).join("");
      const light = `color-scheme:light;${painted(0)}`;
      const dark = `color-scheme:dark;${painted(1)}`;
      const contents = [
        `:root{${light}}`,
        `@media screen and (prefers-color-scheme:dark){:root:not([data-theme="light"]){${dark}}}`,
        `@media screen{:root[data-theme="dark"]{${dark}}}`,
      ].join("\n");
      return { contents, loader: "css", watchFiles: [path] };
    });
  },
};
