import { revokeStaffLink } from "../../administration/staff.ts";
import { formatDateTime } from "../../protocol/date-time.ts";
import { listOpenLinks, type OpenLink } from "../../staff/sign-in/open-links.ts";
import { administer, type Column, databaseOptions, identifier, printList } from "../administration.ts";
import { type Command, jsonOption } from "../command.ts";

const columns: readonly Column<OpenLink>[] = [
  { heading: "ID", property: "Id", value: ({ row }) => row.id },
  { heading: "PURPOSE", property: "Purpose", value: ({ row }) => row.purpose },
  { heading: "FOR", property: "UserName", value: ({ row }) => row.user_name },
  { heading: "E-MAIL", property: "UserEmail", value: ({ row }) => row.user_email },
  { heading: "MADE BY", property: "MakerName", value: ({ row }) => row.maker_name },
  { heading: "GOOD", property: "IsGood", value: ({ isGood }) => isGood },
  { heading: "EXPIRES", property: "ExpiresUtc", value: ({ row }) => formatDateTime(row.expires) },
];

const list: Command = {
  name: "staff link list",
  summary: "List invitations and other links that nobody has used yet. Their secrets are not kept.",
  examples: ["staff link list", "staff link list --json"],
  options: [jsonOption, ...databaseOptions],
  run: (values, terminal) =>
    administer(values, terminal, async ({ db, clock }) => {
      printList(terminal, values, columns, await listOpenLinks(db, clock()), "No link is open.");
    }),
};

const revoke: Command = {
  name: "staff link revoke",
  summary: "Make a link that nobody has used yet good no more.",
  examples: ["staff link revoke --id ID"],
  options: [
    { name: "id", placeholder: "ID", description: "The link, as staff link list shows it.", isRequired: true },
    ...databaseOptions,
  ],
  run: async (values, terminal) => {
    const id = identifier("id", values.required("id"));
    await administer(values, terminal, (administration) => revokeStaffLink(administration, id));
    terminal.note("The link is good no more.");
  },
};

export const staffLinkCommands: readonly Command[] = [list, revoke];
