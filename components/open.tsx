import "./theme.css";
import "./app.css";
import "./parts/button.css";
import "./parts/field.css";
import "./parts/choice.css";
import "./parts/search.css";
import "./parts/notice.css";
import "./parts/tag.css";
import "./parts/facts.css";
import "./parts/progress.css";
import "./parts/list.css";
import "./parts/avatar.css";
import { signal, type ReadonlySignal } from "@preact/signals";
import { render } from "preact";
import { useErrorBoundary } from "preact/hooks";
import { hasBrowser } from "../lib/shared/browser";
import { direction, locale } from "../lib/shared/i18n";
import type { FailureCode } from "../lib/shared/model";
import { send } from "../lib/shared/send";
import type { Store } from "../lib/store/schema";
import { openStore, type StoreOptions } from "../lib/store/open";
import { storeFailure } from "../lib/store/trouble";
import { App } from "./app";
import { Trouble } from "./parts/trouble";
import { keepTyping } from "./models/typed";
import { openShell, ShellProvider, type Door, type Shell } from "./models/shell";

/** Opens the app in this page, or shows why it cannot. Our pages call nothing else. */
export async function openApp(door: Door): Promise<void> {
  // Where the extension may not run, Firefox opens our page without its API; `app.css` says so.
  if (!hasBrowser()) return;
  document.documentElement.lang = locale();
  document.documentElement.dir = direction();
  const root = document.getElementById("root");
  if (!root) return;
  const stop = new AbortController();
  addEventListener("pagehide", () => stop.abort(), { once: true });
  const takeTyped = keepTyping(stop.signal);
  ignoreUnloaded();
  const trouble = signal<FailureCode | undefined>(undefined);
  let shell: Shell | undefined;
  const onTrouble = (code: FailureCode | undefined) => {
    trouble.value = code;
    if (!shell) render(<Root trouble={trouble} />, root);
  };
  const open = async () => openShell(await openPageStore({ onTrouble }), door, stop.signal);
  try {
    const [opened] = await Promise.all([open(), loadSheets(stop.signal)]);
    shell = { ...opened, takeTyped };
    trouble.value = undefined;
    render(<Root shell={shell} trouble={trouble} />, root);
    void import("./models/focus").then(({ keepFocus }) => keepFocus(root, stop.signal));
  } catch (error) {
    onTrouble(codeOf(error));
  }
}

/** Style sheets of our pages that few windows need, by the media query that says so. */
const SHEETS: [query: string, load: () => Promise<unknown>][] = [
  ["(forced-colors: active)", () => import("./forced-colors.css")],
  ["(max-width: 379.9px), (max-height: 420px)", () => import("./small.css")],
];

/** Loads each style sheet that this window needs now, and later when it needs it then. */
async function loadSheets(signal: AbortSignal): Promise<void> {
  // Lays the page out: before that, a popup is tiny.
  document.body.getBoundingClientRect();
  await Promise.all(
    SHEETS.map(([query, load]) => {
      const list = matchMedia(query);
      const loadIfNeeded = async () => list.matches && load().catch(() => undefined); // The window is closing.
      list.addEventListener("change", () => void loadIfNeeded(), { signal });
      return loadIfNeeded();
    }),
  );
}

/**
 * Reports no part that could not be loaded: our own parts cannot be missing, so the window is closing. Nothing that waits
 * for one goes on.
 */
function ignoreUnloaded(): void {
  const unloaded = new WeakSet<Error>();
  addEventListener("vite:preloadError", ({ payload }) => void unloaded.add(payload));
  addEventListener("unhandledrejection", (event) => unloaded.has(event.reason as Error) && event.preventDefault());
}

/** A known reason why the page cannot open. */
class Obstacle extends Error {
  constructor(readonly code: FailureCode) {
    super(code);
  }
}

const codeOf = (error: unknown): FailureCode => (error instanceof Obstacle ? error.code : storeFailure(error));

/** Opens the worker's store. A page creates none: in a Firefox container tab it would be separate and empty. */
async function openPageStore(options: StoreOptions): Promise<Store> {
  try {
    return await openStore(undefined, options);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  // After an installation or update, a page may be ahead of the worker, whose answer proves the store exists.
  const reply = await send("pendingInvite");
  if (!reply.ok) throw new Obstacle(reply.failure.code);
  try {
    return await openStore(undefined, options);
  } catch (error) {
    throw isAbsent(error) ? new Obstacle("store-elsewhere") : error;
  }
}

const isAbsent = (error: unknown): boolean => error instanceof DOMException && error.name === "NotFoundError";

/** Reloads elsewhere, as the same screen would fail again; the shell stores each new place first. */
function reloadAtGroups() {
  if (location.hash === "#/groups") return location.reload();
  addEventListener("hashchange", () => location.reload(), { once: true });
  location.hash = "/groups";
}

function Root({ shell, trouble }: { shell?: Shell; trouble: ReadonlySignal<FailureCode | undefined> }) {
  const [error] = useErrorBoundary();
  if (error !== undefined) return <Trouble code={codeOf(error)} isWhole onRetry={reloadAtGroups} />;
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
