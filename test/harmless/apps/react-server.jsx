import { renderToString } from "react-dom/server";
import { INITIAL } from "../state.js";
import { Page, View } from "./react-view.jsx";

export const render = () => renderToString(<View state={INITIAL} />);
/** @param {string} script Address of the script that hydrates. */
export const renderDocument = (script) => renderToString(<Page state={INITIAL} script={script} />);
