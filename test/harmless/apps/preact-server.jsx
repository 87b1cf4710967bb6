import { renderToString } from "preact-render-to-string";
import { INITIAL } from "../state.js";
import { View } from "./react-view.jsx";

export const render = () => renderToString(<View state={INITIAL} />);
