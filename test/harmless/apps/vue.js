import { start } from "../client.js";
import { create } from "./vue-view.js";

start((isHydrated) => {
  const { app, show } = create(isHydrated);
  app.mount("#root");
  return show;
});
