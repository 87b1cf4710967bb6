import { openApp } from "../../components/open";
import "../../components/wide.css";

void openApp("options");
