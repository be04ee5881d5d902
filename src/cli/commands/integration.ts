import {
  addIntegration,
  deleteIntegration,
  rotateAccessToken,
  setIntegrationEnabled,
} from "../../administration/integrations.ts";
import { integrationRecord } from "../../administration/records.ts";
import { formatDateTime } from "../../protocol/date-time.ts";
import type { IntegrationRecord } from "../../protocol/staff/installation.ts";
import { listIntegrations } from "../../store/directory/directory.ts";
import {
  administer,
  changeCommand,
  enablingCommands,
  identifier,
  idIn,
  idOption,
  listCommand,
  secretOptions,
} from "../administration.ts";
import { type Command, jsonOption, UsageError } from "../command.ts";
import { overlapOf, overlapOption } from "../overlap.ts";
import { printMade } from "../printing.ts";

const integration = idOption("The integration.");

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
    ...secretOptions,
  ],
  run: async (values, terminal) => {
    const clientId = identifier("client", values.required("client"));
    const enterpriseIds = values.all("enterprise").map((id) => identifier("enterprise", id));
    if (new Set(enterpriseIds).size < enterpriseIds.length)
      throw new UsageError("--enterprise names one of them twice.");
    await administer(values, terminal, async (administration) => {
      const { id, accessToken } = await addIntegration(administration, clientId, enterpriseIds);
      const note = `Added the integration ${id}. Its access token, shown only now:`;
      printMade(terminal, values, { Id: id, AccessToken: accessToken }, note, accessToken);
    });
  },
};

const list = listCommand<IntegrationRecord>({
  name: "integration list",
  summary: "List who is connected to which property.",
  columns: [
    ["ID", "Id"],
    ["CLIENT", "Client", ({ ClientName }) => ClientName],
    ["PRIMARY ENTERPRISE", "PrimaryEnterpriseId"],
    ["ENTERPRISES", "EnterpriseCount"],
    ["TOKENS", "TokenCount"],
    ["ENABLED", "IsEnabled"],
    ["CREATED", "CreatedUtc"],
  ],
  whenEmpty: "No integration yet; add one with innbox integration add --client ID --enterprise ID.",
  read: async ({ db, clock }) => (await listIntegrations(db, clock())).map(integrationRecord),
});

const rotate: Command = {
  name: "integration rotate-token",
  summary: "Make a new access token and print it, this once; the old one works a while longer.",
  examples: [
    "integration rotate-token --id ID",
    "integration rotate-token --id ID --overlap 0s    (the old token is known to others)",
  ],
  options: [integration, overlapOption("How long the old token still works."), jsonOption, ...secretOptions],
  run: async (values, terminal) => {
    const id = idIn(values);
    const overlap = overlapOf(values);
    await administer(values, terminal, async (administration) => {
      const now = administration.clock();
      const oldExpires = now + overlap;
      const token = await rotateAccessToken(administration, id, now, oldExpires);
      const until = formatDateTime(oldExpires);
      const note = `The old access token works until ${until}. The new one, shown only now:`;
      printMade(terminal, values, { Id: id, AccessToken: token, OldTokenExpiresUtc: until }, note, token);
    });
  },
};

const remove = changeCommand({
  name: "integration delete",
  summary: "End a connection and its access tokens for good. Threads and messages stay.",
  examples: ["integration delete --id ID"],
  options: [integration, ...secretOptions],
  subject: idIn,
  change: deleteIntegration,
  done: (id) => `The integration ${id} is deleted.`,
});

export const integrationCommands: readonly Command[] = [
  add,
  list,
  ...enablingCommands(
    "integration",
    {
      enable: "Let the integration's access tokens in again.",
      disable: "Refuse the integration's access tokens.",
    },
    setIntegrationEnabled,
  ),
  rotate,
  remove,
];
