import { join } from "node:path";
import { build } from "vite";
import { root } from "./setup.mjs";

/** The reader of invites as a script of its own, which gives a worker of the tests `parser.readSource` and the rest. */
export function parserScript() {
  return scriptOf("lib/shared/invite.ts", "parser");
}

/**
 * A module and what it imports as one script, which puts the exports into a variable of this name.
 * @param {string} file From the root of the project.
 * @param {string} name
 */
export async function scriptOf(file, name) {
  const [result] = /** @type {{ output: { code: string }[] }[]} */ (
    /** @type {unknown} */ (
      await build({
        configFile: false,
        logLevel: "error",
        build: {
          write: false,
          lib: { entry: join(root, file), formats: ["iife"], name },
        },
      })
    )
  );
  return result?.output[0]?.code ?? "";
}
