import "../shared/base.css";
import "./pane.css";
import { render } from "preact";
import { browserKept } from "../shared/browser-kept.ts";
import { App } from "./app.tsx";

/** Takes light or dark from what the user of the inbox in the frame chose, which the browser keeps. */
function showTheme(): void {
  document.documentElement.dataset.theme = browserKept<{ Theme: string }>("look")?.Theme ?? "auto";
}

showTheme();
addEventListener("storage", showTheme);
const root = document.getElementById("sandbox");
if (root) render(<App />, root);
