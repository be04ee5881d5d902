import { addClient, setClientEnabled } from "../../administration/clients.ts";
import { type ListedClient, listClients } from "../../store/directory/directory.ts";
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
import { type Command, jsonOption } from "../command.ts";

const columns: readonly Column<ListedClient>[] = [
  { heading: "ID", property: "Id", value: ({ id }) => id },
  { heading: "NAME", property: "Name", value: ({ name }) => name },
  enabledColumn,
  createdColumn,
];

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

const list: Command = {
  name: "client list",
  summary: "List the partner applications.",
  examples: ["client list", "client list --json"],
  options: [jsonOption, ...databaseOptions],
  run: (values, terminal) =>
    administer(values, terminal, async ({ store }) => {
      const rows = await listClients(store.db);
      printList(terminal, values, columns, rows, "No client yet; add one with innbox client add --name NAME.");
    }),
};

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
