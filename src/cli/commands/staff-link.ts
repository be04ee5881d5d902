import { revokeStaffLink } from "../../administration/staff.ts";
import { formatDateTime } from "../../protocol/date-time.ts";
import { listOpenLinks, type OpenLink } from "../../staff/sign-in/open-links.ts";
import { changeCommand, databaseOptions, idIn, idOption, listCommand } from "../administration.ts";
import type { Command } from "../command.ts";

const list = listCommand<OpenLink>({
  name: "staff link list",
  summary: "List invitations and other links that have not been used yet. Their secrets are not kept.",
  columns: [
    ["ID", "Id", ({ row }) => row.id],
    ["PURPOSE", "Purpose", ({ row }) => row.purpose],
    ["FOR", "UserName", ({ row }) => row.user_name],
    ["E-MAIL", "UserEmail", ({ row }) => row.user_email],
    ["MADE BY", "MakerName", ({ row }) => row.maker_name],
    ["GOOD", "IsGood", ({ isGood }) => isGood],
    ["EXPIRES", "ExpiresUtc", ({ row }) => formatDateTime(row.expires)],
  ],
  whenEmpty: "No link is open.",
  read: ({ db, clock }) => listOpenLinks(db, clock()),
});

const revoke = changeCommand({
  name: "staff link revoke",
  summary: "Make a link that has not been used yet good no more.",
  examples: ["staff link revoke --id ID"],
  options: [idOption("The link, as staff link list shows it."), ...databaseOptions],
  subject: idIn,
  change: revokeStaffLink,
  done: () => "The link is good no more.",
});

export const staffLinkCommands: readonly Command[] = [list, revoke];
