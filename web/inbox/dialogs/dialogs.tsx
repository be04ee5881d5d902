import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { Menu } from "../sidebar/menu.tsx";
import { Assign } from "./assign.tsx";
import { closeDialog, type DialogName, dialog } from "./open-dialog.ts";
import { Palette } from "./palette.tsx";

/** Dialogs that are loaded with the page, since keys that follow their opening must go into them. */
const loaded = signal<ReadonlyMap<DialogName, ComponentType>>(
  new Map<DialogName, ComponentType>([
    ["palette", Palette],
    ["assign", Assign],
    ["menu", Menu],
  ]),
);

/** Dialogs that are fetched when they are first opened, so that the first view does not wait for them. */
const load: Readonly<Partial<Record<DialogName, () => Promise<ComponentType>>>> = {
  keys: async () => (await import("./keys.tsx")).Keys,
  settings: async () => (await import("../settings/settings.tsx")).Settings,
  people: async () => (await import("../settings/people.tsx")).People,
  savedReplies: async () => (await import("../saved-replies/saved-replies-dialog.tsx")).SavedReplies,
  properties: async () => (await import("../settings/properties.tsx")).Properties,
};

/** The dialog that is open. */
export function Dialogs() {
  const name = dialog.value;
  useEffect(() => {
    if (!name || loaded.value.has(name)) return;
    load[name]?.().then(
      (component) => {
        loaded.value = new Map(loaded.value).set(name, component);
      },
      () => closeDialog(),
    );
  }, [name]);
  const Shown = name && loaded.value.get(name);
  return Shown ? <Shown key={name} /> : null;
}
