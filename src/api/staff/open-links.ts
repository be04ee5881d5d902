import { Problem } from "../../core/problem.ts";
import { getAllLinks, revokeLink } from "../../protocol/staff/links.ts";
import { linkAnswers } from "../../staff/answers.ts";
import { findOpenLinkFor, openLinksFor } from "../../staff/sign-in/open-links.ts";
import { deleteLink } from "../../store/staff/links.ts";
import { type StaffOperation, staffOperation } from "./staff-operation.ts";

const getAll = staffOperation(getAllLinks, "users", async ({ clock }, { caller, scope, db }) => {
  const links = await openLinksFor(db, { caller, scope }, clock());
  return { body: { Links: links.flatMap(linkAnswers) } };
});

const revoke = staffOperation(revokeLink, "users", async ({ clock }, { caller, scope, input, db }) => {
  await db.transaction(async (transaction) => {
    const row = await findOpenLinkFor(transaction, { caller, scope }, input.LinkId, clock());
    if (!row) throw new Problem("notFound", "There is no open link with this LinkId.");
    await deleteLink(transaction, row.digest);
  });
  return { body: {} };
});

/** Open invitations and resets: a person who may make such a link also sees and revokes it. */
export const openLinkOperations: readonly StaffOperation[] = [getAll, revoke];
