import {
  addStaff,
  resetStaff,
  type StaffReference,
  type StaffRegistration,
  setStaffEnabled,
} from "../../administration/staff.ts";
import { readSetting } from "../../config/config.ts";
import { environmentVariable, settings } from "../../config/settings.ts";
import { formatDateTime } from "../../protocol/date-time.ts";
import { linkAddress } from "../../protocol/staff/links.ts";
import { listStaffUsers, type StaffUserRow } from "../../store/staff/users.ts";
import { administer, changeCommand, databaseOptions, identifier, listCommand } from "../administration.ts";
import { type Command, jsonOption, type Option, UsageError, usage, type Values } from "../command.ts";
import { printMade } from "../printing.ts";

const defaultUrl = "http://127.0.0.1:8080";

const urlOption: Option = {
  name: "url",
  placeholder: "URL",
  description: `Where people reach the server, for the link. Default ${defaultUrl}; ${environmentVariable(settings.publicUrl)}.`,
};

const personOptions: readonly Option[] = [
  { name: "email", placeholder: "E-MAIL", description: "The person, by their address." },
  { name: "id", placeholder: "ID", description: "The person, by their id." },
];

const add: Command = {
  name: "staff add",
  summary: "Add a person who works in the inbox. Prints a link for choosing a password, good once.",
  examples: [
    'staff add --email mia@hotel.example --name "Mia" --owner',
    'staff add --email jan@hotel.example --name "Jan" --property ENTERPRISE-ID --role manager',
  ],
  options: [
    { name: "email", placeholder: "E-MAIL", description: "The address to sign in with.", isRequired: true },
    { name: "name", placeholder: "NAME", description: "What colleagues call them.", isRequired: true },
    { name: "owner", description: "Lets them do everything, at every property." },
    { name: "property", placeholder: "ID", description: "An enterprise where they work.", isRepeatable: true },
    {
      name: "role",
      placeholder: "agent|manager",
      description: "What they are there: one for each --property, or one for all. Default agent.",
      isRepeatable: true,
    },
    urlOption,
    jsonOption,
    ...databaseOptions,
  ],
  run: async (values, terminal) => {
    const registration = registrationOf(values);
    const origin = originOf(values);
    await administer(
      values,
      terminal,
      async (administration) => {
        const { user, link } = await addStaff(administration, registration, origin);
        const made = { Id: user.id, Name: user.name, Email: user.email, Link: link ?? null };
        const note = link
          ? `Added ${user.name}. The link for choosing a password, good once and for 7 days:`
          : `${user.name} has a password already, and these rights from now on. Their id:`;
        printMade(terminal, values, made, note, link ?? user.id);
      },
      { mayCreate: true },
    );
  },
};

const list = listCommand<StaffUserRow>({
  name: "staff list",
  summary: "List the people who work in the inbox.",
  columns: [
    ["ID", "Id", ({ id }) => id],
    ["NAME", "Name", ({ name }) => name],
    ["E-MAIL", "Email", ({ email }) => email],
    ["OWNER", "IsOwner", ({ is_owner }) => is_owner === 1],
    ["PASSWORD", "HasPassword", ({ has_password }) => has_password === 1],
    ["ENABLED", "IsEnabled", ({ is_enabled }) => is_enabled === 1],
    ["CREATED", "CreatedUtc", ({ created }) => formatDateTime(created)],
  ],
  whenEmpty: "There is no person yet; add one with innbox staff add --email E-MAIL --name NAME --owner.",
  read: ({ db }) => listStaffUsers(db),
});

const reset: Command = {
  name: "staff reset",
  summary: "Make a link with which somebody sets a new password, good once.",
  examples: ["staff reset --email mia@hotel.example"],
  options: [...personOptions, urlOption, jsonOption, ...databaseOptions],
  run: async (values, terminal) => {
    const reference = referenceOf(values);
    const origin = originOf(values);
    await administer(values, terminal, async (administration) => {
      const link = await resetStaff(administration, reference, origin);
      printMade(terminal, values, { Link: link }, "The link, good once; those before it are good no more:", link);
    });
  },
};

const enabling = (["enable", "disable"] as const).map((verb) =>
  changeCommand({
    name: `staff ${verb}`,
    summary: verb === "enable" ? "Let a person in again." : "Shut a person out of the inbox, at once.",
    examples: [`staff ${verb} --email jan@hotel.example`],
    options: [...personOptions, ...databaseOptions],
    subject: referenceOf,
    change: (administration, reference) => setStaffEnabled(administration, reference, verb === "enable"),
    done: () => `The person is ${verb}d.`,
  }),
);

export const staffCommands: readonly Command[] = [add, list, reset, ...enabling];

const roles: Readonly<Record<string, "Agent" | "Manager">> = { agent: "Agent", manager: "Manager" };

/** @throws UsageError for roles that do not fit the properties, or a person who would have no right at all */
function registrationOf(values: Values): StaffRegistration {
  const isOwner = values.has("owner");
  const properties = values.all("property").map((id) => identifier("property", id));
  const given = values.all("role").map((text) => {
    const role = roles[text.toLowerCase()];
    if (!role) throw new UsageError(`--role must be agent or manager, not "${text}".`);
    return role;
  });
  if (!isOwner && properties.length === 0) throw new UsageError("--owner or --property ID is required.");
  if (new Set(properties).size < properties.length) throw new UsageError("--property names one of them twice.");
  const fits = given.length <= 1 ? given.length <= properties.length : given.length === properties.length;
  if (!fits) throw new UsageError("Give one --role for each --property, or one for all.");
  const memberships = properties.map((enterpriseId, index) => ({
    enterpriseId,
    role: given[index] ?? given[0] ?? "Agent",
  }));
  return { email: values.required("email"), name: values.required("name").trim(), isOwner, memberships };
}

/** The person that `--email` or `--id` names. @throws UsageError unless exactly one of the two is given */
function referenceOf(values: Values): StaffReference {
  const email = values.text("email");
  const id = values.text("id");
  if (email !== undefined && id === undefined) return { email };
  if (id !== undefined && email === undefined) return { id: identifier("id", id) };
  throw new UsageError("Give --email or --id, one of the two.");
}

/** @throws UsageError for what is no address of a server */
function originOf(values: Values): string {
  const url = values.text("url") ?? usage(() => readSetting(settings.publicUrl, {}, values.environment)) ?? defaultUrl;
  if (!/^https?:\/\//.test(url) || !URL.canParse(linkAddress(url, ""))) {
    throw new UsageError(`--url must be an address such as ${defaultUrl}, not "${url}".`);
  }
  return new URL(url).origin;
}
