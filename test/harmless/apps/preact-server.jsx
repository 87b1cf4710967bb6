import { renderToString } from "preact-render-to-string";
import { INITIAL } from "../state.js";
import { View } from "./preact-view.jsx";

export const render = () => renderToString(<View state={INITIAL} />);
