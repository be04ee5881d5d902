import { addClient, setClientEnabled } from "../../administration/clients.ts";
import { clientRecord } from "../../administration/records.ts";
import type { ClientRecord } from "../../protocol/staff/installation.ts";
import { listClients } from "../../store/directory/directory.ts";
import { administer, databaseOptions, enablingCommands, listCommand } from "../administration.ts";
import { type Command, jsonOption } from "../command.ts";
import { printMade } from "../printing.ts";

const add: Command = {
  name: "client add",
  summary: "Add a partner application. Prints its client token, this once.",
  examples: ['client add --name "Chatbot Inc."', 'client add --name "Chatbot Inc." --json'],
  options: [
    { name: "name", placeholder: "NAME", description: "What the application is called.", isRequired: true },
    jsonOption,
    ...databaseOptions,
  ],
  run: async (values, terminal) => {
    const name = values.required("name").trim();
    await administer(
      values,
      terminal,
      async (administration) => {
        const { id, token } = await addClient(administration, name);
        const note = `Added the client ${name}, id ${id}. Its client token, shown only now:`;
        printMade(terminal, values, { Id: id, Name: name, ClientToken: token }, note, token);
      },
      { mayCreate: true },
    );
  },
};

const list = listCommand<ClientRecord>({
  name: "client list",
  summary: "List the partner applications.",
  columns: [
    ["ID", "Id"],
    ["NAME", "Name"],
    ["ENABLED", "IsEnabled"],
    ["CREATED", "CreatedUtc"],
  ],
  whenEmpty: "No client yet; add one with innbox client add --name NAME.",
  read: async ({ db }) => (await listClients(db)).map(clientRecord),
});

export const clientCommands: readonly Command[] = [
  add,
  list,
  ...enablingCommands(
    "client",
    {
      enable: "Let the application in again.",
      disable: "Refuse every request of the application.",
    },
    setClientEnabled,
  ),
];
