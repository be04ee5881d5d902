import { addEnterprise, isLanguage, isTimeZone, setEnterpriseEnabled } from "../../administration/enterprises.ts";
import { propertyRecord } from "../../administration/records.ts";
import type { PropertyRecord } from "../../protocol/staff/installation.ts";
import { listEnterprises } from "../../store/directory/directory.ts";
import { administer, databaseOptions, enablingCommands, listCommand } from "../administration.ts";
import { type Command, jsonOption, UsageError } from "../command.ts";
import { printMade } from "../printing.ts";

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

const list = listCommand<PropertyRecord>({
  name: "enterprise list",
  summary: "List the properties.",
  columns: [
    ["ID", "Id"],
    ["NAME", "Name"],
    ["TIME ZONE", "TimeZoneIdentifier"],
    ["LANGUAGE", "DefaultLanguageCode"],
    ["ENABLED", "IsEnabled"],
    ["CREATED", "CreatedUtc"],
  ],
  whenEmpty: "No enterprise yet; add one with innbox enterprise add --name NAME.",
  read: async ({ db }) => (await listEnterprises(db)).map(propertyRecord),
});

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
