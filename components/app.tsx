import { useSignal } from "@preact/signals";
import {
  Activity,
  ArrowLeft,
  Globe,
  LockKeyhole,
  MessagesSquare,
  PanelRight,
  Search,
  Settings2,
  SquareArrowOutUpRight,
} from "lucide";
import { useEffect, useRef } from "preact/hooks";
import browser from "webextension-polyfill";
import { send } from "../lib/shared/send";
import { number, t, type MessageKey } from "../lib/shared/i18n";
import { readBudget } from "../lib/store/read";
import { useLive } from "./models/live";
import { useShell, type Route } from "./models/shell";
import { Button } from "./parts/button";
import { Icon } from "./parts/icon";
import { lazy } from "./parts/lazy";
import { UndoBar } from "./parts/undo";
import { Groups } from "./screens/groups";
import { Unlock } from "./screens/unlock";

const Group = lazy(() => import("./screens/group").then((screen) => screen.Group));
const screens = {
  create: lazy(() => import("./screens/create").then((screen) => screen.Create)),
  join: lazy(() => import("./screens/join").then((screen) => screen.Join)),
  confirm: lazy(() => import("./screens/confirm").then((screen) => screen.ConfirmInvite)),
  message: lazy(() => import("./screens/message").then((screen) => screen.Message)),
  page: lazy(() => import("./screens/page").then((screen) => screen.Page)),
  people: lazy(() => import("./screens/people").then((screen) => screen.People)),
  activity: lazy(() => import("./screens/activity").then((screen) => screen.ActivityScreen)),
  settings: lazy(() => import("./screens/settings").then((screen) => screen.Settings)),
  connect: lazy(() => import("./screens/connect").then((screen) => screen.Connect)),
  welcome: lazy(() => import("./screens/welcome").then((screen) => screen.Welcome)),
};
const KeyHelp = lazy(() => import("./parts/keys").then((part) => part.KeyHelp));
type ScreenName = keyof typeof screens;

const places = [
  { route: "groups", icon: MessagesSquare, label: "nav_groups" },
  { route: "page", icon: Globe, label: "nav_page" },
  { route: "people", icon: Search, label: "nav_people" },
  { route: "activity", icon: Activity, label: "nav_activity" },
  { route: "settings", icon: Settings2, label: "nav_settings" },
] as const;

/** Which place of the navigation a route belongs to, and where "back" leads from it. */
const parents = new Map([
  ["group", "groups"],
  ["create", "groups"],
  ["join", "groups"],
  ["message", "groups"],
  ["confirm", "page"],
  ["connect", "settings"],
]);

/** Where "back" leads from a route; undefined on a place of the navigation itself. */
function backOf({ name, id }: Route): string | undefined {
  return parents.get(name) ?? (name === "activity" && id !== undefined ? name : undefined);
}

/** The whole app, the same behind each door. */
export function App() {
  const shell = useShell();
  const heading = useRef<HTMLHeadingElement>(null);
  const wanted = wantedRoute();
  const place = parents.get(wanted.name) ?? wanted.name;
  const back = backOf(wanted);
  useEffect(() => {
    // A new screen is read from its heading, as a new page would be.
    if (document.activeElement === document.body) heading.current?.focus();
  }, [wanted.name, wanted.id]);
  const isHelping = useSignal(false);
  const from = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (wanted.name !== "groups") from.current = wanted.name === "group" ? wanted.id : undefined;
  }, [wanted.name, wanted.id]);
  useKeys(wanted, heading, () => (isHelping.value = true));

  if (shell.isLocked.value) return <Unlock />;
  if (wanted.name === "welcome") return <screens.welcome />;
  return (
    <div class="app">
      <header class="bar">
        {back !== undefined && wanted.name !== "connect" ? (
          <Button icon={ArrowLeft} label={t("action_back")} onPress={() => shell.go(`/${back}`)} />
        ) : null}
        <h1 class="grow clip" tabIndex={-1} ref={heading}>
          {t(`title_${wanted.name}` as MessageKey)}
        </h1>
        <Bar />
      </header>
      <Main route={wanted} from={from.current} />
      <nav class="nav" aria-label={t("nav_label")}>
        <p class="brand">
          <img src="/icon/48.png" alt="" />
          {t("extension_name")}
        </p>
        {places.map(({ route, icon, label }) => (
          <a key={route} href={`#/${route}`} aria-current={route === place ? "page" : undefined}>
            <Icon icon={icon} size={20} />
            <span class="clip">{t(label)}</span>
            {route === "activity" && shell.openJobs.value.length > 0 ? (
              <span class="count" aria-label={t("nav_open_jobs", shell.openJobs.value.length)}>
                {number(shell.openJobs.value.length)}
              </span>
            ) : null}
          </a>
        ))}
      </nav>
      <UndoBar />
      {isHelping.value ? <KeyHelp onClose={() => (isHelping.value = false)} /> : null}
      <p class="visually-hidden" role="status">
        {shell.announcement.value}
      </p>
    </div>
  );
}

/** Where we are, or where we must be first: without a connection there is only the way to one. */
function wantedRoute(): Route {
  const { connections, connection, pending, route } = useShell();
  const asked = route.value;
  if (asked.name === "welcome" || asked.name === "connect" || asked.name === "settings") return asked;
  if (connections.value !== undefined && connection.value === undefined) return { name: "connect", query: asked.query };
  // The list of a page asks over itself about what was pressed there.
  const isAskedThere = pending.value?.isListed === true && asked.name === "page";
  if (pending.value && !isAskedThere) return { name: "confirm", id: pending.value.id, query: asked.query };
  // Nothing is asked any more.
  if (asked.name === "confirm") return { name: "page", query: asked.query };
  if (asked.name === "group" || Object.hasOwn(screens, asked.name)) return asked;
  return { name: "groups", query: asked.query };
}

/** Screens on which connections are made and changed: they stay as they are while that happens. */
const OF_NO_ACCOUNT = new Set(["connect", "settings", "welcome"]);

function Main({ route, from }: { route: Route; from?: string }) {
  const isWide = useWide();
  const { connection } = useShell();
  // Another account is another screen: what was typed for one must not stand there for the next.
  const { id, origin, instance } = connection.value ?? {};
  const account = OF_NO_ACCOUNT.has(route.name) ? "" : [id, origin, instance].join(" ");
  if (route.name === "groups" || route.name === "group") {
    const isGroup = route.name === "group" && route.id !== undefined;
    const list = <Groups key={account} selected={route.id} from={from} />;
    if (isWide) {
      return (
        <main class="main still pair">
          <div class="list-side">{list}</div>
          <div class="detail-side">
            {isGroup ? <Group id={route.id ?? ""} key={`${account}/${route.id}`} /> : <Pick />}
          </div>
        </main>
      );
    }
    return (
      <main class={isGroup ? "main" : "main still"}>
        {isGroup ? <Group id={route.id ?? ""} key={`${account}/${route.id}`} /> : list}
      </main>
    );
  }
  const Screen = screens[route.name as ScreenName];
  return (
    <main class="main">
      <Screen key={`${account}/${route.name}/${route.id ?? ""}`} {...{ id: route.id, query: route.query }} />
    </main>
  );
}

function Pick() {
  return (
    <div class="empty" style={{ height: "100%", justifyContent: "center" }}>
      <span class="disc">
        <Icon icon={MessagesSquare} size={26} />
      </span>
      <p>{t("groups_pick")}</p>
    </div>
  );
}

/** The right end of the bar: the allowance, the panel and the tab, the lock. */
function Bar() {
  const { connection, door, settings } = useShell();
  return (
    <>
      <Allowance />
      {door === "popup" ? (
        <>
          {"sidePanel" in browser || "sidebarAction" in browser ? (
            <Button icon={PanelRight} label={t("bar_open_panel")} onPress={openPanel} />
          ) : null}
          <Button
            icon={SquareArrowOutUpRight}
            label={t("bar_open_tab")}
            onPress={() => {
              void browser.tabs.create({ url: browser.runtime.getURL(`app.html${location.hash}`) }).then(() => close());
            }}
          />
        </>
      ) : null}
      {settings.value.protection === "passphrase" && connection.value && !connection.value.isSandbox ? (
        <Button icon={LockKeyhole} label={t("bar_lock")} onPress={() => send("lock")} />
      ) : null}
    </>
  );
}

/** Nothing may be awaited before these calls: the gesture would be gone. */
function openPanel(): void {
  const api = browser as typeof browser & { sidePanel?: { open(options: { windowId: number }): Promise<void> } };
  const opening = api.sidePanel ? api.sidePanel.open({ windowId: -2 }) : browser.sidebarAction.open();
  // Refused only where the browser has no panel in this window; the popup then simply stays.
  opening.then(
    () => close(),
    () => undefined,
  );
}

/** How many requests are left in this minute, as a small dial with its words. */
function Allowance() {
  const { connection } = useShell();
  const id = connection.value?.id;
  const budget = useLive(["budgets"], async (store) => (id === undefined ? undefined : readBudget(store, id)), [id]);
  const now = useSignal(Date.now());
  useEffect(() => {
    const timer = setInterval(() => (now.value = Date.now()), 5000);
    return () => clearInterval(timer);
  }, []);
  if (!budget.value) return null;
  const { limit, remaining, resetAt } = budget.value;
  const left = resetAt <= now.value ? limit : Math.max(0, remaining);
  const words = t("bar_allowance", number(left), number(limit));
  const around = 2 * Math.PI * 8;
  return (
    <svg
      class={left < limit / 5 ? "gauge low" : "gauge"}
      width="22"
      height="22"
      viewBox="0 0 22 22"
      role="img"
      aria-label={words}
    >
      <title>{words}</title>
      <circle cx="11" cy="11" r="8" />
      <circle
        class="fill"
        cx="11"
        cy="11"
        r="8"
        stroke-dasharray={`${(around * left) / Math.max(1, limit)} ${around}`}
        transform="rotate(-90 11 11)"
      />
    </svg>
  );
}

function useWide(): boolean {
  const query = "(min-width: 760px)";
  const isWide = useSignal(matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const changed = () => (isWide.value = list.matches);
    const stop = new AbortController();
    list.addEventListener("change", changed, { signal: stop.signal });
    return () => stop.abort();
  }, []);
  return isWide.value;
}

/** Keys that work everywhere but in a text field: `/`, `n`, `j`, `?`, Esc. `help` shows them. */
function useKeys(route: Route, heading: { current: HTMLElement | null }, help: () => void): void {
  const { go, isLocked } = useShell();
  useEffect(() => {
    const stop = new AbortController();
    addEventListener(
      "keydown",
      (event) => {
        if (isLocked.value || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
        const field = event.target instanceof Element && event.target.closest("input, textarea, select, dialog");
        const back = backOf(route);
        // From the heading the keyboard goes on to what the new screen begins with.
        const leave = (to: string) => {
          event.preventDefault();
          heading.current?.focus();
          go(to);
        };
        if (event.key === "Escape" && back !== undefined && !document.querySelector("dialog[open]")) leave(`/${back}`);
        if (field) return;
        if (event.key === "/") {
          const search = document.querySelector<HTMLElement>("[data-search]");
          if (search) {
            event.preventDefault();
            search.focus();
          } else leave("/groups?search");
        }
        if (event.key === "?") help();
        if (event.key === "n") leave("/create");
        if (event.key === "j") leave("/join");
      },
      { signal: stop.signal },
    );
    return () => stop.abort();
  }, [route.name, route.id]);
}
