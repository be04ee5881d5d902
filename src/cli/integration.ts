import { duration } from "../config.ts";
import { formatDateTime } from "../protocol/date-time.ts";
import {
  changeDirectory,
  enableIntegration,
  type IntegrationRow,
  insertIntegration,
  listIntegrations,
  rotateToken,
} from "../store/directory.ts";
import { newToken, tokenDigest } from "../tokens.ts";
import {
  administer,
  type Column,
  createdColumn,
  databaseOptions,
  enabledColumn,
  enablingCommands,
  identifier,
  printList,
  printMade,
} from "./administration.ts";
import { type Command, jsonOption, type Option, UsageError, usage } from "./command.ts";

const columns: readonly Column<IntegrationRow>[] = [
  { heading: "ID", property: "Id", value: ({ id }) => id },
  { heading: "CLIENT", property: "Client", value: ({ client_name }) => client_name },
  { heading: "PRIMARY ENTERPRISE", property: "PrimaryEnterpriseId", value: (row) => row.primary_enterprise_id },
  { heading: "ENTERPRISES", property: "EnterpriseCount", value: (row) => row.enterprises },
  { heading: "TOKENS", property: "TokenCount", value: ({ tokens }) => tokens },
  enabledColumn,
  createdColumn,
];

const idOption: Option = { name: "id", placeholder: "ID", description: "The integration.", isRequired: true };

const add: Command = {
  name: "integration add",
  summary: "Connect a client to a property or a portfolio. Prints the access token, this once.",
  examples: [
    "integration add --client CLIENT-ID --enterprise ENTERPRISE-ID",
    "integration add --client CLIENT-ID --enterprise PRIMARY-ID --enterprise OTHER-ID",
  ],
  options: [
    { name: "client", placeholder: "ID", description: "The client.", isRequired: true },
    {
      name: "enterprise",
      placeholder: "ID",
      description: "A property that it covers; the first one is the primary one.",
      isRequired: true,
      isRepeatable: true,
    },
    jsonOption,
    ...databaseOptions,
  ],
  run: async (values, terminal) => {
    const clientId = identifier("client", values.required("client"));
    const enterpriseIds = values.all("enterprise").map((id) => identifier("enterprise", id));
    if (new Set(enterpriseIds).size < enterpriseIds.length)
      throw new UsageError("--enterprise names one of them twice.");
    await administer(values, terminal, async ({ store, clock, newIdentifier }) => {
      const id = newIdentifier();
      const token = newToken();
      const integration = { id, clientId, enterpriseIds, tokenDigest: tokenDigest(token), created: clock() };
      await changeDirectory(store.db, (transaction) => insertIntegration(transaction, integration));
      const note = `Added the integration ${id}. Its access token, shown only now:`;
      printMade(terminal, values, { Id: id, AccessToken: token }, note, token);
    });
  },
};

const list: Command = {
  name: "integration list",
  summary: "List who is connected to which property.",
  examples: ["integration list", "integration list --json"],
  options: [jsonOption, ...databaseOptions],
  run: (values, terminal) =>
    administer(values, terminal, async ({ store, clock }) => {
      const rows = await listIntegrations(store.db, clock());
      const whenEmpty = "No integration yet; add one with innbox integration add --client ID --enterprise ID.";
      printList(terminal, values, columns, rows, whenEmpty);
    }),
};

const rotate: Command = {
  name: "integration rotate-token",
  summary: "Make a new access token and print it, this once; the old one works a while longer.",
  examples: [
    "integration rotate-token --id ID",
    "integration rotate-token --id ID --overlap 0s    (the old token is known to others)",
  ],
  options: [
    idOption,
    { name: "overlap", placeholder: "TIME", description: "How long the old token still works. Default 24h." },
    jsonOption,
    ...databaseOptions,
  ],
  run: async (values, terminal) => {
    const id = identifier("id", values.required("id"));
    const overlap = usage(() => overlapOf(values.text("overlap") ?? "24h"));
    await administer(values, terminal, async ({ store, clock }) => {
      const token = newToken();
      const now = clock();
      const oldExpires = now + overlap * 1000;
      await changeDirectory(store.db, (transaction) =>
        rotateToken(transaction, id, tokenDigest(token), now, oldExpires),
      );
      const until = formatDateTime(oldExpires);
      const note = `The old access token works until ${until}. The new one, shown only now:`;
      printMade(terminal, values, { Id: id, AccessToken: token, OldTokenExpiresUtc: until }, note, token);
    });
  },
};

const longestOverlap = 365 * 86_400_000;

function overlapOf(text: string): number {
  try {
    const overlap = duration(text);
    if (overlap > longestOverlap) throw new UsageError("must be at most 365d");
    return overlap;
  } catch (error) {
    throw new UsageError(`--overlap ${error instanceof Error ? error.message : error}, not "${text}".`);
  }
}

export const integrationCommands: readonly Command[] = [
  add,
  list,
  ...enablingCommands(
    "integration",
    {
      enable: "Let the integration's access tokens in again.",
      disable: "Refuse the integration's access tokens.",
    },
    enableIntegration,
  ),
  rotate,
];
