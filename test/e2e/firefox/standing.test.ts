import { FIREFOX_BUILD } from "../firefox";
import { standing } from "../standing";

/** How the chips stand while a page changes. */
standing("firefox", FIREFOX_BUILD);
