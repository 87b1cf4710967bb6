import { createRoot, hydrateRoot } from "react-dom/client";
import { start } from "../client.js";
import { INITIAL } from "../state.js";
import { View } from "./react-view.jsx";

start((isHydrated) => {
  const container = document.querySelector("#root");
  const view = <View state={INITIAL} />;
  const root = isHydrated ? hydrateRoot(container, view) : createRoot(container);
  if (!isHydrated) root.render(view);
  return (state) => root.render(<View state={state} />);
});
