import { hydrate, mount } from "svelte";
import { start } from "../client.js";
import { INITIAL } from "../state.js";
import View from "./svelte-view.svelte";

start((isHydrated) => {
  const target = document.querySelector("#root");
  return (isHydrated ? hydrate : mount)(View, { target, props: { initial: INITIAL } }).show;
});
