import { signal } from "@preact/signals";

export type DialogName = "palette" | "assign" | "keys" | "settings" | "people" | "savedReplies" | "properties" | "menu";

/** The dialog on the screen. */
export const dialog = signal<DialogName | undefined>(undefined);

export function show(name: DialogName): void {
  dialog.value = name;
}

export function closeDialog(): void {
  dialog.value = undefined;
}
