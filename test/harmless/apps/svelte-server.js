import { render as renderView } from "svelte/server";
import { INITIAL } from "../state.js";
import View from "./svelte-view.svelte";

export const render = () => renderView(View, { props: { initial: INITIAL } }).body;
