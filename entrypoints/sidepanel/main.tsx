import "../../components/theme.css";
import "../../components/parts/parts.css";
import { openApp } from "../../components/models/open";

void openApp("sidepanel");
