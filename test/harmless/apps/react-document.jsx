import { hydrateRoot } from "react-dom/client";
import { start } from "../client.js";
import { INITIAL } from "../state.js";
import { Page } from "./react-view.jsx";

start(() => {
  const script = new URL(import.meta.url).pathname;
  const root = hydrateRoot(document, <Page state={INITIAL} script={script} />);
  return (state) => root.render(<Page state={state} script={script} />);
});
