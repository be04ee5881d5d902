import { render } from "preact";
import { App } from "./app.tsx";
import { clearPage } from "./session/leave-page.ts";
import { applyKeptPreferences } from "./session/preferences.ts";
import "./styles/index.css";

applyKeptPreferences();
const root = document.getElementById("inbox");
if (root) render(<App />, root);

// Browsers put pages away as they are and take them out again on "back", when another person may sit there.
addEventListener("pagehide", clearPage);
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload();
});
