import { signal } from "@preact/signals";
import type { InboxThread } from "../../../src/protocol/staff/inbox.ts";
import type { SavedReply } from "../../../src/protocol/staff/saved-replies.ts";
import { folded } from "../../shared/plain-text.ts";
import { call } from "../api.ts";
import { me, propertyOf } from "../session/session.ts";
import { currentLanguage } from "../words/words.ts";

export const savedReplies = signal<readonly SavedReply[] | undefined>(undefined);

/** Fetches the saved replies. When that fails, those that are known stay. */
export async function loadSavedReplies(): Promise<void> {
  const { SavedReplies } = await call("savedReplies/getAll", {});
  savedReplies.value = SavedReplies;
}

/**
 * The saved replies of a property that match what was typed. Those in the property's language come first, then those in
 * the page's.
 */
export function matching(all: readonly SavedReply[], enterpriseId: string, typed: string): readonly SavedReply[] {
  const wanted = folded(typed);
  const language = propertyOf(enterpriseId)?.DefaultLanguageCode.slice(0, 2).toLowerCase();
  const rank = ({ Shortcut, LanguageCode }: SavedReply) => {
    const code = LanguageCode.slice(0, 2).toLowerCase();
    const ofLanguage = code === language ? 0 : code === currentLanguage() ? 1 : 2;
    return (folded(Shortcut).startsWith(wanted) ? 0 : 10) + ofLanguage;
  };
  return all
    .filter((reply) => reply.EnterpriseId === enterpriseId)
    .filter(
      ({ Shortcut, Text }) => folded(Shortcut).includes(wanted) || (wanted.length > 2 && folded(Text).includes(wanted)),
    )
    .sort((a, b) => rank(a) - rank(b) || a.Shortcut.localeCompare(b.Shortcut));
}

/** The text with names in place of `{guest}`, `{property}` and `{me}`. */
export function filledIn(text: string, thread: InboxThread): string {
  const names: Readonly<Record<string, string>> = {
    guest: thread.OriginalSender,
    property: propertyOf(thread.EnterpriseId)?.Name ?? "",
    me: me().User.Name,
  };
  return text.replace(/\{(guest|property|me)\}/g, (whole, name: string) => names[name] ?? whole);
}
