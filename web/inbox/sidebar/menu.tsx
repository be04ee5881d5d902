import { useEffect } from "preact/hooks";
import { Dialog } from "../dialogs/dialog.tsx";
import { closeDialog } from "../dialogs/open-dialog.ts";
import { currentWords } from "../words/words.ts";
import { Sidebar } from "./sidebar.tsx";
import "./menu.css";

/** The sidebar as a dialog, on screens that have no room for it beside the list. */
export function Menu() {
  const words = currentWords();
  useEffect(() => {
    const wide = matchMedia("(min-width: 1100px)");
    wide.addEventListener("change", closeDialog);
    return () => wide.removeEventListener("change", closeDialog);
  }, []);
  return (
    <Dialog title={words.menu} onClose={closeDialog} class="menu" isBare>
      <Sidebar />
    </Dialog>
  );
}
