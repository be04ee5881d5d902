import { render } from "preact";
import { browserKept } from "../shared/browser-kept.ts";
import { App } from "./app.tsx";
import "./styles/index.css";

/** Light or dark as the inbox in the frame is, which keeps what its user chose. */
function showTheme(): void {
  document.documentElement.dataset.theme = browserKept<{ Theme: string }>("look")?.Theme ?? "auto";
}

showTheme();
addEventListener("storage", showTheme);
const root = document.getElementById("sandbox");
if (root) render(<App />, root);
