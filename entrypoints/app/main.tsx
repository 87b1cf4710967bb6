import { openApp } from "../../components/open";

void openApp("app");
