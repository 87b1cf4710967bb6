import { generateHydrationScript, renderToString } from "solid-js/web";
import { View } from "./solid-view.jsx";

export const render = () => renderToString(() => <View />);
/** What a page of Solid needs in its head. */
export const head = generateHydrationScript;
