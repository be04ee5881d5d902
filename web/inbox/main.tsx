import "../shared/base.css";
import { render } from "preact";
import { App } from "./app.tsx";
import { clearPage } from "./session/leave-page.ts";
import { applyKeptPreferences } from "./session/preferences.ts";

applyKeptPreferences();
const root = document.getElementById("inbox");
if (root) render(<App />, root);

// A browser may keep a left page in memory and show it again on "back", when another person may sit there.
addEventListener("pagehide", clearPage);
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload();
});
