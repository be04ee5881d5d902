import { useEffect } from "preact/hooks";
import { Sidebar } from "../list/sidebar.tsx";
import { currentWords } from "../words/words.ts";
import { Dialog } from "./dialog.tsx";
import { closeDialog } from "./open-dialog.ts";

/** Views and properties where there is no room for them beside the list. */
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
