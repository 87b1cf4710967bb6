import { renderToString } from "vue/server-renderer";
import { create } from "./vue-view.js";

export const render = () => renderToString(create(true).app);
