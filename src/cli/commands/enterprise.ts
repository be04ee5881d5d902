import { addEnterprise, isLanguage, isTimeZone, setEnterpriseEnabled } from "../../administration/enterprises.ts";
import { type ListedEnterprise, listEnterprises } from "../../store/directory/directory.ts";
import {
  administer,
  type Column,
  createdColumn,
  databaseOptions,
  enabledColumn,
  enablingCommands,
  printList,
  printMade,
} from "../administration.ts";
import { type Command, jsonOption, UsageError } from "../command.ts";

const columns: readonly Column<ListedEnterprise>[] = [
  { heading: "ID", property: "Id", value: ({ id }) => id },
  { heading: "NAME", property: "Name", value: ({ name }) => name },
  { heading: "TIME ZONE", property: "TimeZoneIdentifier", value: (row) => row.time_zone_identifier },
  { heading: "LANGUAGE", property: "DefaultLanguageCode", value: (row) => row.default_language_code },
  enabledColumn,
  createdColumn,
];

const add: Command = {
  name: "enterprise add",
  summary: "Add a property. Prints its id.",
  examples: ['enterprise add --name "Grand Hotel" --time-zone Europe/Prague --language cs-CZ'],
  options: [
    { name: "name", placeholder: "NAME", description: "What the property is called.", isRequired: true },
    { name: "time-zone", placeholder: "ZONE", description: "IANA time zone. Default UTC." },
    { name: "language", placeholder: "CODE", description: "Language and culture, as in en-US, the default." },
    jsonOption,
    ...databaseOptions,
  ],
  run: async (values, terminal) => {
    const name = values.required("name").trim();
    const timeZoneIdentifier = values.text("time-zone") ?? "UTC";
    const defaultLanguageCode = values.text("language") ?? "en-US";
    if (!isTimeZone(timeZoneIdentifier)) {
      throw new UsageError(`--time-zone must be an IANA time zone such as Europe/Prague, not "${timeZoneIdentifier}".`);
    }
    if (!isLanguage(defaultLanguageCode)) {
      throw new UsageError(`--language must be a language code such as en-US, not "${defaultLanguageCode}".`);
    }
    await administer(
      values,
      terminal,
      async (administration) => {
        const id = await addEnterprise(administration, { name, timeZoneIdentifier, defaultLanguageCode });
        printMade(terminal, values, { Id: id, Name: name }, `Added the enterprise ${name}. Its id:`, id);
      },
      { mayCreate: true },
    );
  },
};

const list: Command = {
  name: "enterprise list",
  summary: "List the properties.",
  examples: ["enterprise list", "enterprise list --json"],
  options: [jsonOption, ...databaseOptions],
  run: (values, terminal) =>
    administer(values, terminal, async ({ store }) => {
      const rows = await listEnterprises(store.db);
      printList(terminal, values, columns, rows, "No enterprise yet; add one with innbox enterprise add --name NAME.");
    }),
};

export const enterpriseCommands: readonly Command[] = [
  add,
  list,
  ...enablingCommands(
    "enterprise",
    {
      enable: "Let integrations reach the property again.",
      disable: "Refuse every integration's access to the property.",
    },
    setEnterpriseEnabled,
  ),
];
