import { hydrate, render } from "preact";
import { start } from "../client.js";
import { INITIAL } from "../state.js";
import { View } from "./react-view.jsx";

start((isHydrated) => {
  const container = document.querySelector("#root");
  (isHydrated ? hydrate : render)(<View state={INITIAL} />, container);
  return (state) => render(<View state={state} />, container);
});
