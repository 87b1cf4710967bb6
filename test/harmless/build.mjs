import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";

/** Builds the pages of the frameworks and of the editors with the project's Vite, as their authors would. */

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
/** Only when a framework is built that needs it: the packages of this folder may not be installed. */
const require = createRequire(import.meta.url);

/** Each framework: its client, its server, and how they are compiled. */
const FRAMEWORKS = {
  "react 19": { client: "react.jsx", server: "react-server.jsx", jsx: "react" },
  "react 18": { client: "react.jsx", server: "react-server.jsx", jsx: "react", alias: react18() },
  "react 19 document": { client: "react-document.jsx", server: "react-server.jsx", jsx: "react", isDocument: true },
  "react 18 document": {
    client: "react-document.jsx",
    server: "react-server.jsx",
    jsx: "react",
    alias: react18(),
    isDocument: true,
  },
  preact: { client: "preact.jsx", server: "preact-server.jsx", jsx: "preact", alias: preactAsReact() },
  vue: { client: "vue.js", server: "vue-server.js", alias: vueWithCompiler() },
  svelte: { client: "svelte.js", server: "svelte-server.js", plugin: svelte },
  solid: { client: "solid.jsx", server: "solid-server.jsx", plugin: solid },
};
const EDITORS = ["lexical.js", "prosemirror.js", "slate.jsx", "tiptap.js", "quill.js", "ckeditor.js"];

/**
 * Builds all into a folder, and returns the pages by their names: scripts lie beside them, in the same folder.
 * @param {string} out
 * @param {(name: string) => boolean} isChosen
 * @returns {Promise<{ name: string, kind: "framework" | "document" | "editor" | "plain", html: string, empty: string }[]>}
 *   `html` is what a server sends to be hydrated, `empty` what it sends to be drawn in the browser.
 */
export async function buildPages(out, isChosen) {
  const pages = [];
  for (const [name, framework] of Object.entries(FRAMEWORKS).filter(([name]) => isChosen(name))) {
    const file = `${name.replaceAll(" ", "-")}.js`;
    await bundle(join("apps", framework.client), join(out, file), framework, false);
    await bundle(join("apps", framework.server), join(out, `server-${file}`), framework, true);
    const server = await import(pathToFileURL(join(out, `server-${file}`)).href);
    const kind = framework.isDocument ? "document" : "framework";
    const html = framework.isDocument
      ? `<!doctype html>${server.renderDocument(`/${file}`)}`
      : page(file, await server.render(), server.head?.());
    pages.push({ name, kind, html, empty: page(file, "") });
  }
  if (isChosen("plain")) {
    await bundle("apps/plain.js", join(out, "plain.js"), {}, false);
    pages.push({ name: "plain", kind: "plain", html: page("plain.js", ""), empty: page("plain.js", "") });
  }
  for (const file of EDITORS.filter((file) => isChosen(file.split(".")[0]))) {
    const name = file.split(".")[0];
    await bundle(join("editors", file), join(out, `${name}.js`), { jsx: "react" }, false);
    const html = page(`${name}.js`, "", `<link rel="stylesheet" href="/${name}.css">`);
    pages.push({ name, kind: "editor", html, empty: html });
  }
  return pages;
}

function page(script, content, head = "") {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>page</title><link rel="icon" href="data:,">${head}
<body><div id="root">${content}</div><script type="module" src="/${script}"></script></body></html>`;
}

/** Bundles one script, for the browser or for Node, with everything that it imports. */
async function bundle(entry, file, { alias = [], jsx, plugin }, isServer) {
  const name = file.slice(dirname(file).length + 1, -3);
  await build({
    root: here,
    configFile: false,
    logLevel: "error",
    mode: "production",
    resolve: { alias },
    ssr: { noExternal: true },
    plugins: plugin ? [plugin(isServer)] : [],
    ...(jsx ? { oxc: { jsx: { runtime: "automatic", importSource: jsx } } } : {}),
    define: {
      __VUE_OPTIONS_API__: "true",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "true",
    },
    build: {
      outDir: dirname(file),
      emptyOutDir: false,
      ssr: isServer,
      modulePreload: false,
      chunkSizeWarningLimit: Infinity,
      rolldownOptions: {
        input: join(here, entry),
        output: {
          entryFileNames: `${name}.js`,
          assetFileNames: `${name}[extname]`,
          codeSplitting: false,
        },
      },
    },
  });
}

/** The view of React is drawn by Preact. */
function preactAsReact() {
  return [
    { find: /^react$/, replacement: "preact" },
    { find: /^react-dom$/, replacement: "preact/compat" },
  ];
}

function react18() {
  return [
    { find: /^react(?=$|\/)/, replacement: join(modules, "react18") },
    { find: /^react-dom(?=$|\/)/, replacement: join(modules, "react-dom18") },
  ];
}

/** The template of the view is compiled in the browser, as on pages that load Vue by themselves. */
function vueWithCompiler() {
  return [{ find: /^vue$/, replacement: join(modules, "vue/dist/vue.esm-bundler.js") }];
}

/** Compiles `.svelte` files. */
function svelte(isServer) {
  return {
    name: "svelte",
    transform(code, id) {
      if (!id.endsWith(".svelte")) return undefined;
      return require("svelte/compiler").compile(code, { filename: id, generate: isServer ? "server" : "client" }).js;
    },
  };
}

/** Compiles the JSX of Solid, which is not like that of others. */
function solid(isServer) {
  return {
    name: "solid",
    enforce: "pre",
    async transform(code, id) {
      if (!/apps\/solid.*\.jsx$/.test(id)) return undefined;
      const preset = [require.resolve("babel-preset-solid"), { generate: isServer ? "ssr" : "dom", hydratable: true }];
      const { code: compiled, map } = await require("@babel/core").transformAsync(code, {
        filename: id,
        presets: [preset],
        configFile: false,
        babelrc: false,
      });
      return { code: compiled, map };
    },
  };
}
