import { openApp } from "../../components/models/open";

void openApp("app");
