import { cell } from "../../shared/cell.ts";

export type DialogName = "palette" | "assign" | "keys" | "settings" | "people" | "savedReplies" | "properties" | "menu";

/** The dialog on the screen. */
export const dialog = cell<DialogName | undefined>(undefined);

export function show(name: DialogName): void {
  dialog.set(name);
}

export function closeDialog(): void {
  dialog.set(undefined);
}
