import { E2E_BUILD } from "../chromium";
import { standing } from "../standing";

/** How the chips stand while a page changes. */
standing("chromium", E2E_BUILD);
