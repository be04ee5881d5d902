import { invalid } from "../../core/problem.ts";
import {
  deleteSavedReply,
  getAllSavedReplies,
  type SavedReply,
  setSavedReply,
} from "../../protocol/staff/saved-replies.ts";
import { savedReplyAnswer } from "../../staff/answers.ts";
import { narrowed } from "../../staff/sign-in/caller.ts";
import * as replies from "../../store/staff/saved-replies.ts";
import { type StaffOperation, staffOperation } from "./staff-operation.ts";

const getAll = staffOperation(getAllSavedReplies, "read", async (_context, { scope, input, db }) => {
  const rows = await replies.savedRepliesOf(db, narrowed(scope, input.EnterpriseIds));
  const SavedReplies = rows.map(savedReplyAnswer).sort(inOrder);
  return { body: { SavedReplies } };
});

const set = staffOperation(setSavedReply, "savedReplies", async ({ clock, newIdentifier }, call) => {
  const { scope, input, db } = call;
  const [enterpriseId = ""] = narrowed(scope, [input.EnterpriseId]).enterpriseIds;
  const row = {
    id: newIdentifier(),
    enterprise_id: enterpriseId,
    shortcut: shortcutOf(input.Shortcut),
    language_code: languageOf(input.LanguageCode),
    text: input.Text,
  };
  const saved = await db.transaction((transaction) => replies.saveReply(transaction, row, clock()));
  return { body: { SavedReply: savedReplyAnswer(saved) } };
});

const remove = staffOperation(deleteSavedReply, "savedReplies", async (_context, { scope, input, db }) => {
  const [enterpriseId = ""] = narrowed(scope, [input.EnterpriseId]).enterpriseIds;
  await db.transaction((transaction) =>
    replies.deleteSavedReply(transaction, enterpriseId, input.SavedReplyId.toLowerCase()),
  );
  return { body: {} };
});

/** Texts that colleagues of a property use again and again. */
export const savedReplyOperations: readonly StaffOperation[] = [getAll, set, remove];

function inOrder(a: SavedReply, b: SavedReply): number {
  return a.Shortcut.localeCompare(b.Shortcut, "en") || a.LanguageCode.localeCompare(b.LanguageCode, "en");
}

/** The word that people type after a slash. The slash itself may be sent too. @throws Problem (invalid) */
function shortcutOf(text: string): string {
  const shortcut = text.trim().replace(/^\//, "");
  if (!/^\S+$/.test(shortcut)) throw invalid("Shortcut must be one word, as in late.");
  return shortcut;
}

/** The code in canonical form, so that pt-br and pt-BR are the same. @throws Problem (invalid) */
function languageOf(text: string): string {
  try {
    return Intl.getCanonicalLocales(text.trim())[0] ?? "";
  } catch {
    throw invalid("LanguageCode must be a language code such as en or pt-BR.");
  }
}
