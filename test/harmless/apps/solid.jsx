import { hydrate, render } from "solid-js/web";
import { start } from "../client.js";
import { View, show } from "./solid-view.jsx";

start((isHydrated) => {
  (isHydrated ? hydrate : render)(() => <View />, document.querySelector("#root"));
  return show;
});
