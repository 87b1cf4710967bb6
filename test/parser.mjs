import { join } from "node:path";
import { build } from "vite";
import { root } from "./setup.mjs";

/** The reader of invites as a script of its own, which gives a worker of the tests `parser.readSource` and the rest. */
export async function parserScript() {
  const [result] = /** @type {{ output: { code: string }[] }[]} */ (
    /** @type {unknown} */ (
      await build({
        configFile: false,
        logLevel: "error",
        build: {
          write: false,
          lib: { entry: join(root, "lib/shared/invite.ts"), formats: ["iife"], name: "parser" },
        },
      })
    )
  );
  return result?.output[0]?.code ?? "";
}
