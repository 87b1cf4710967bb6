import "../theme.css";
import "../app.css";
import "../parts/parts.css";
import { render } from "preact";
import { direction, locale } from "../../lib/shared/i18n";
import { openStore } from "../../lib/store/schema";
import { App } from "../app";
import { keepFocus } from "./focus";
import { openShell, ShellProvider, type Door } from "./shell";

/** Opens the app in this page. Each of our pages is this one call. */
export async function openApp(door: Door): Promise<void> {
  document.documentElement.lang = locale();
  document.documentElement.dir = direction();
  const stop = new AbortController();
  addEventListener("pagehide", () => stop.abort(), { once: true });
  const shell = await openShell(await openStore(), door, stop.signal);
  const root = document.getElementById("root");
  if (!root) return;
  render(
    <ShellProvider value={shell}>
      <App />
    </ShellProvider>,
    root,
  );
  keepFocus(root, stop.signal);
}
