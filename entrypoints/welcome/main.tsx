import { openApp } from "../../components/models/open";

void openApp("welcome");
