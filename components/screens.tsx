import type { ComponentType } from "preact";
import type { ScreenName } from "./models/places";
import { lazy } from "./parts/lazy";

/** What the address says of a screen. */
interface Place {
  id?: string;
  query?: URLSearchParams;
}

const screens: Record<ScreenName, ComponentType<Place>> = {
  create: lazy(() => import("./screens/create").then((screen) => screen.Create)),
  join: lazy(() => import("./screens/join").then((screen) => screen.Join)),
  confirm: lazy(() => import("./screens/confirm").then((screen) => screen.ConfirmInvite)),
  message: lazy(() => import("./screens/message").then((screen) => screen.Message)),
  several: lazy(() => import("./screens/several").then((screen) => screen.Several)),
  page: lazy(() => import("./screens/page").then((screen) => screen.Page)),
  person: lazy(() => import("./screens/person").then((screen) => screen.PersonScreen)),
  plan: lazy(() => import("./screens/plan").then((screen) => screen.PlanScreen)),
  people: lazy(() => import("./screens/people").then((screen) => screen.People)),
  activity: lazy(() => import("./screens/activity").then((screen) => screen.ActivityScreen)),
  settings: lazy(() => import("./screens/settings").then((screen) => screen.Settings)),
  connect: lazy(() =>
    import("./screens/connect").then(({ Connect }) => () => <Connect />),
  ),
  welcome: lazy(() => import("./screens/welcome").then((screen) => screen.Welcome)),
};

/** Loads a screen when first opened. */
export function Screen({ name, ...place }: Place & { name: ScreenName }) {
  const Named = screens[name];
  return <Named {...place} />;
}
