import { useSignal } from "@preact/signals";
import { Activity, ArrowLeft, Globe, MessagesSquare, Search, Settings2 } from "lucide";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { number, t } from "../lib/shared/i18n";
import { useKeys } from "./models/keys";
import { backOf, parents, type ScreenName, SCREENS } from "./models/places";
import { useShell, type Route } from "./models/shell";
import { useTitle } from "./models/title";
import { Bar } from "./parts/bar";
import { Button } from "./parts/button";
import { Icon } from "./parts/icon";
import { lazy, lazyPart } from "./parts/lazy";
import { Groups } from "./screens/groups";

const Group = lazy(() => import("./screens/group").then((screen) => screen.Group));
const Screen = lazy(() => import("./screens").then((part) => part.Screen));
const NoGroup = lazyPart(() => import("./parts/empty").then((part) => part.NoGroup));
const Unlock = lazyPart(() => import("./screens/unlock").then((screen) => screen.Unlock));
const JobBar = lazyPart(() => import("./parts/job-bar").then((part) => part.JobBar));
const Palette = lazyPart(() => import("./parts/palette").then((part) => part.Palette));
const KeyHelp = lazyPart(() => import("./parts/keys").then((part) => part.KeyHelp));

const places = [
  { name: "groups", icon: MessagesSquare, label: "nav_groups" },
  { name: "page", icon: Globe, label: "nav_page" },
  { name: "people", icon: Search, label: "nav_people" },
  { name: "activity", icon: Activity, label: "nav_activity" },
  { name: "settings", icon: Settings2, label: "nav_settings" },
] as const;

/** The whole app, behind every door. */
export function App() {
  const shell = useShell();
  const heading = useRef<HTMLHeadingElement>(null);
  const wanted = wantedRoute();
  const place = parents.get(wanted.name) ?? wanted.name;
  const back = backOf(wanted);
  const title = useTitle(wanted);
  useEffect(() => {
    // Screen readers start a new screen at its heading.
    if (document.activeElement === document.body) heading.current?.focus();
  }, [wanted.name, wanted.id]);
  const isHelping = useSignal(false);
  const isFinding = useSignal(false);
  // For the first screen only. Text typed while locked is no search.
  const typed = useMemo(() => ({ current: shell.isLocked.peek() ? "" : (shell.takeTyped?.() ?? "") }), []);
  useEffect(() => void (typed.current = ""), []);
  const from = usePlaceBefore(wanted);
  // From the heading, the focus moves into the new screen.
  const leave = (to: string) => {
    heading.current?.focus();
    shell.go(to);
  };
  useKeys(wanted, heading, leave, {
    help: () => (isHelping.value = true),
    palette: () => (isFinding.value = true),
  });

  if (shell.isLocked.value) return <Unlock />;
  if (wanted.name === "welcome") return <Screen name="welcome" />;
  return (
    <div class="app">
      <header class="bar">
        {back !== undefined && wanted.name !== "connect" ? (
          <Button icon={ArrowLeft} label={t("action_back")} onPress={() => shell.go(`/${back}`)} />
        ) : null}
        <h1 class="grow clip" tabIndex={-1} ref={heading}>
          <bdi>{title}</bdi>
        </h1>
        <Bar />
      </header>
      <Main route={wanted} from={from} typed={typed.current} />
      {shell.connection.value ? <JobBar key={shell.connection.value.id} /> : null}
      <Places place={place} />
      {isFinding.value ? <Palette leave={leave} onClose={() => (isFinding.value = false)} /> : null}
      {isHelping.value ? <KeyHelp onClose={() => (isHelping.value = false)} /> : null}
      <p class="visually-hidden" role="status">
        {shell.announcement.value}
      </p>
    </div>
  );
}

/** Returns the previous route, whose row is focused on return. */
function usePlaceBefore(route: Route): Route | undefined {
  const places = useRef<{ here: Route; before?: Route }>({ here: route });
  const { here } = places.current;
  if (here.name !== route.name || here.id !== route.id) places.current = { here: route, before: here };
  return places.current.before;
}

/** The navigation, with the number of open jobs. */
function Places({ place }: { place: string }) {
  const { openJobs, connections, connection, route } = useShell();
  // Without a connection, other places lead to Connect.
  const isNew = connections.value !== undefined && connection.value === undefined;
  const here = isNew ? route.value.name : place;
  return (
    <nav class="nav" aria-label={t("nav_label")}>
      <p class="brand">
        <img src="/icon/48.png" alt="" />
        {t("extension_name")}
      </p>
      {places.map(({ name, icon, label }) =>
        isNew && name !== "settings" ? null : (
          <a key={name} href={`#/${name}`} aria-current={name === here ? "page" : undefined}>
            <Icon icon={icon} size={20} />
            <span class="clip">{t(label)}</span>
            {name === "activity" && openJobs.value.length > 0 ? (
              <span class="count" aria-label={t("nav_open_jobs", number(openJobs.value.length))}>
                {number(openJobs.value.length)}
              </span>
            ) : null}
          </a>
        ),
      )}
    </nav>
  );
}

/** Returns the current route, or Connect without a connection. */
function wantedRoute(): Route {
  const { connections, connection, pending, route } = useShell();
  const asked = route.value;
  if (asked.name === "welcome" || asked.name === "connect" || asked.name === "settings") return asked;
  if (connections.value !== undefined && connection.value === undefined) return { name: "connect", query: asked.query };
  // The page list shows the question itself.
  const isAskedThere = pending.value?.isListed === true && asked.name === "page";
  if (pending.value && !isAskedThere) return { name: "confirm", id: pending.value.id, query: asked.query };
  // The question is gone.
  if (asked.name === "confirm") return { name: "page", query: asked.query };
  if (asked.name === "group" || (SCREENS as readonly string[]).includes(asked.name)) return asked;
  return { name: "groups", query: asked.query };
}

/** Screens kept when the connection changes. */
const OF_NO_ACCOUNT = new Set(["connect", "settings", "welcome"]);

function Main({ route, from, typed }: { route: Route; from?: Route; typed: string }) {
  const isWide = useMedia("(min-width: 760px)");
  const isTable = useMedia("(min-width: 960px)");
  const { connection } = useShell();
  // Keyed by account: one account's input must not appear under another.
  const { id, origin, instance } = connection.value ?? {};
  const account = OF_NO_ACCOUNT.has(route.name) ? "" : [id, origin, instance].join(" ");
  if (route.name === "groups" || route.name === "group") {
    const isGroup = route.name === "group" && route.id !== undefined;
    const idFrom = (name: string) => (from?.name === name ? from.id : undefined);
    const list = <Groups key={account} selected={route.id} from={idFrom("group")} typed={typed} isTable={isTable} />;
    const group = <Group id={route.id ?? ""} from={idFrom("person")} key={`${account}/${route.id}`} />;
    if (isWide) {
      return (
        <main class={isTable && !isGroup ? "main still alone" : "main still pair"}>
          <div class="list-side">{list}</div>
          {isTable && !isGroup ? null : <div class="detail-side">{isGroup ? group : <NoGroup />}</div>}
        </main>
      );
    }
    return <main class={isGroup ? "main" : "main still"}>{isGroup ? group : list}</main>;
  }
  return (
    <main class="main">
      <Screen
        key={`${account}/${route.name}/${route.id ?? ""}`}
        name={route.name as ScreenName}
        id={route.id}
        query={route.query}
      />
    </main>
  );
}

function useMedia(query: string): boolean {
  const isMet = useSignal(matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const changed = () => (isMet.value = list.matches);
    const stop = new AbortController();
    list.addEventListener("change", changed, { signal: stop.signal });
    // May have changed since the first render.
    changed();
    return () => stop.abort();
  }, []);
  return isMet.value;
}
