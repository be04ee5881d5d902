import { render } from "preact";
import { App } from "./components/app.tsx";
import { applyKeptPreferences } from "./preferences.ts";
import "./styles/index.css";

applyKeptPreferences();
const root = document.getElementById("inbox");
if (root) render(<App />, root);
