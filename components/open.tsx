import "./theme.css";
import "./app.css";
import "./parts/parts.css";
import "./forced-colors.css";
import { signal, type ReadonlySignal } from "@preact/signals";
import { render } from "preact";
import { useErrorBoundary } from "preact/hooks";
import { direction, locale } from "../lib/shared/i18n";
import type { FailureCode } from "../lib/shared/model";
import { send } from "../lib/shared/send";
import type { Store } from "../lib/store/schema";
import { openStore, type StoreOptions } from "../lib/store/open";
import { storeFailure } from "../lib/store/trouble";
import { App } from "./app";
import { Trouble } from "./parts/trouble";
import { keepFocus } from "./models/focus";
import { keepTyping } from "./models/typed";
import { openShell, ShellProvider, type Door, type Shell } from "./models/shell";

/** Opens the app in this page, or says why it cannot be opened: the page is never blank. Each of our pages is this one call. */
export async function openApp(door: Door): Promise<void> {
  document.documentElement.lang = locale();
  document.documentElement.dir = direction();
  const root = document.getElementById("root");
  if (!root) return;
  const stop = new AbortController();
  addEventListener("pagehide", () => stop.abort(), { once: true });
  const takeTyped = keepTyping(stop.signal);
  const trouble = signal<FailureCode | undefined>(undefined);
  let shell: Shell | undefined;
  const onTrouble = (code: FailureCode | undefined) => {
    trouble.value = code;
    if (!shell) render(<Root trouble={trouble} />, root);
  };
  try {
    shell = { ...(await openShell(await openPageStore({ onTrouble }), door, stop.signal)), takeTyped };
    render(<Root shell={shell} trouble={trouble} />, root);
    keepFocus(root, stop.signal);
  } catch (error) {
    onTrouble(codeOf(error));
  }
}

/** What the page cannot be opened for, where that is known already. */
class Obstacle extends Error {
  constructor(readonly code: FailureCode) {
    super(code);
  }
}

const codeOf = (error: unknown): FailureCode => (error instanceof Obstacle ? error.code : storeFailure(error));

/**
 * The store that the worker made. A page makes none: in a container tab of Firefox it would be another one, empty, as if
 * everything had been lost.
 */
async function openPageStore(options: StoreOptions): Promise<Store> {
  try {
    return await openStore(undefined, options);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  // A page may come before the worker, right after the installation or an update. Once the worker answers, it has its store.
  const reply = await send("pendingInvite");
  if (!reply.ok) throw new Obstacle(reply.failure.code);
  try {
    return await openStore(undefined, options);
  } catch (error) {
    throw isAbsent(error) ? new Obstacle("store-elsewhere") : error;
  }
}

const isAbsent = (error: unknown): boolean => error instanceof DOMException && error.name === "NotFoundError";

function Root({ shell, trouble }: { shell?: Shell; trouble: ReadonlySignal<FailureCode | undefined> }) {
  const [error] = useErrorBoundary();
  if (error !== undefined) return <Trouble code={codeOf(error)} isWhole />;
  return (
    <>
      {trouble.value ? <Trouble code={trouble.value} isWhole={!shell} /> : null}
      {shell ? (
        <ShellProvider value={shell}>
          <App />
        </ShellProvider>
      ) : null}
    </>
  );
}
