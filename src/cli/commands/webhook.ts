import { withoutQuery } from "../../administration/webhook-lists.ts";
import { readSetting } from "../../config/config.ts";
import { settings } from "../../config/settings.ts";
import { Problem } from "../../core/problem.ts";
import { tokenDigest } from "../../core/tokens.ts";
import type { Destinations } from "../../delivery/webhooks/destination.ts";
import { type EventDiscriminator, eventDiscriminators } from "../../protocol/connector/event-names.ts";
import { formatDateTime } from "../../protocol/date-time.ts";
import { clientOfToken } from "../../store/directory/directory.ts";
import { installationKind } from "../../store/directory/installation.ts";
import {
  disableWebhookEndpoint,
  enableWebhookEndpoint,
  forgetSecrets,
  listWebhookEndpoints,
  type WebhookEndpointRow,
  type WebhookKind,
} from "../../store/webhooks/endpoints.ts";
import {
  type Administration,
  administer,
  type Column,
  createdColumn,
  databaseOptions,
  enabledColumn,
  identifier,
  printList,
  printMade,
  secretOptions,
} from "../administration.ts";
import { type Command, jsonOption, type Option, type Terminal, UsageError, usage, type Values } from "../command.ts";
import { settingOptions } from "../help.ts";
import { overlapOf, overlapOption } from "../overlap.ts";
import { noteHold } from "./webhook-hold.ts";

const kinds: readonly WebhookKind[] = ["general", "integration"];

const columns: readonly Column<WebhookEndpointRow>[] = [
  { heading: "ID", property: "Id", value: ({ id }) => id },
  { heading: "CLIENT", property: "Client", value: ({ client_name }) => client_name },
  { heading: "KIND", property: "Kind", value: ({ kind }) => kind },
  { heading: "URL", property: "Url", value: ({ url }) => withoutQuery(url) },
  { heading: "EVENTS", property: "Events", value: ({ events }) => JSON.parse(events) as string[] },
  enabledColumn,
  {
    heading: "FAILING SINCE",
    property: "FailingSinceUtc",
    value: ({ failing_since }) => (failing_since === null ? null : formatDateTime(failing_since)),
  },
  { heading: "DISABLED", property: "DisabledReason", value: ({ disabled_reason }) => disabled_reason },
  createdColumn,
];

const idOption: Option = { name: "id", placeholder: "ID", description: "The webhook.", isRequired: true };
const operand = "id";
const allowOptions = settingOptions([settings.webhookAllow]);

/** Loaded when it runs: no other command waits for what makes calls. */
const webhooks = () => import("../../administration/webhooks.ts");

const set: Command = {
  name: "webhook set",
  summary: "Register where a client hears of events, or change it. Prints its secret, this once.",
  examples: [
    "webhook set --client-token TOKEN --url http://localhost:3000/innbox",
    "webhook set --client ID --url https://bot.example/hook --events MessageAdded,MessageThreadUpdated",
    "webhook set --client ID --kind integration --url https://bot.example/integrations",
  ],
  options: [
    { name: "client", placeholder: "ID", description: "The client; or" },
    { name: "client-token", placeholder: "TOKEN", description: "its client token." },
    { name: "url", placeholder: "URL", description: "Where it hears of events.", isRequired: true },
    {
      name: "kind",
      placeholder: "KIND",
      description: "general (messages), the default, or integration (what happens to its integrations).",
    },
    {
      name: "events",
      placeholder: "LIST",
      description: `Of a general one: what it hears of, of ${eventDiscriminators.join(",")}. Default: as before, or MessageAdded.`,
    },
    jsonOption,
    ...secretOptions,
    ...allowOptions,
  ],
  run: async (values, terminal) => {
    const url = values.required("url");
    const kind = kindOf(values);
    const events = kind === "general" ? eventsOf(values) : [];
    const client = clientIn(values);
    const { setWebhook } = await webhooks();
    await administer(values, terminal, async (administration) => {
      const clientId = await client(administration);
      const registration = { clientId, kind, url, events };
      const to = await destinationsOf(administration, values, terminal);
      const { id, secret } = await setWebhook(administration, registration, to);
      if (secret === undefined) {
        const note = "Changed and enabled the webhook; its secret stays as it was. Its id:";
        return printMade(terminal, values, { Id: id }, note, id);
      }
      const note = `Set the webhook ${id}. Its secret, shown only now:`;
      printMade(terminal, values, { Id: id, Secret: secret }, note, secret);
    });
  },
};

function kindOf(values: Values): WebhookKind {
  const text = values.text("kind") ?? "general";
  const kind = kinds.find((candidate) => candidate === text);
  if (!kind) throw new UsageError(`--kind must be ${kinds.join(" or ")}, not "${text}".`);
  if (kind === "integration" && values.has("events")) throw new UsageError("--events is for general webhooks only.");
  return kind;
}

function eventsOf(values: Values): EventDiscriminator[] | undefined {
  const names = values
    .text("events")
    ?.split(",")
    .map((name) => name.trim());
  if (!names) return undefined;
  return [...new Set(names)].map((name) => {
    const event = eventDiscriminators.find((candidate) => candidate === name);
    if (!event) throw new UsageError(`--events must be of ${eventDiscriminators.join(",")}, not "${name}".`);
    return event;
  });
}

function clientIn(values: Values): (administration: Administration) => Promise<string> {
  const id = values.text("client");
  const token = values.text("client-token");
  if ((id === undefined) === (token === undefined)) throw new UsageError("Give --client or --client-token.");
  const clientId = id === undefined ? undefined : identifier("client", id);
  return async ({ store }) => clientId ?? clientOfToken(store.db, tokenDigest(token ?? ""));
}

/** As the server has them that works on this database. */
async function destinationsOf({ store }: Administration, values: Values, terminal: Terminal): Promise<Destinations> {
  const { destinations } = await import("../../delivery/webhooks/destination.ts");
  const { defaultCallTimeout } = await import("../../delivery/webhooks/call.ts");
  const allow = usage(() => readSetting(settings.webhookAllow, values.flags, terminal.environment));
  const kind = (await installationKind(store.db)) ?? "production";
  return destinations({ kind, allow, timeout: defaultCallTimeout });
}

const list: Command = {
  name: "webhook list",
  summary: "List where clients hear of events, and how it goes.",
  examples: ["webhook list", "webhook list --json"],
  options: [jsonOption, ...databaseOptions],
  run: (values, terminal) =>
    administer(values, terminal, async ({ store }) => {
      const rows = await listWebhookEndpoints(store.db);
      printList(terminal, values, columns, rows, "No webhook yet; add one with innbox webhook set.");
      await noteHold(store.db, terminal);
    }),
};

const enable: Command = {
  name: "webhook enable",
  summary: "Send to the webhook again: what waited, and what happened meanwhile.",
  examples: ["webhook enable ID", "webhook enable ID --skip    (leave out what happened meanwhile)"],
  operand,
  options: [
    idOption,
    { name: "skip", description: "Leave out the events that happened while it was disabled." },
    ...databaseOptions,
  ],
  run: async (values, terminal) => {
    const id = identifier("id", values.required("id"));
    await administer(values, terminal, ({ store }) =>
      store.db.transaction((transaction) => enableWebhookEndpoint(transaction, id, values.has("skip"))),
    );
    terminal.note(`The webhook ${id} is enabled.`);
  },
};

const disable: Command = {
  name: "webhook disable",
  summary: "Send nothing to the webhook for now. Events go on waiting for it.",
  examples: ["webhook disable ID"],
  operand,
  options: [idOption, ...databaseOptions],
  run: async (values, terminal) => {
    const id = identifier("id", values.required("id"));
    await administer(values, terminal, ({ store }) =>
      store.db.transaction((transaction) => disableWebhookEndpoint(transaction, id, "By the operator.")),
    );
    terminal.note(`The webhook ${id} is disabled.`);
  },
};

const rotate: Command = {
  name: "webhook rotate-secret",
  summary: "Make a new secret and print it, this once; for a while both sign.",
  examples: [
    "webhook rotate-secret ID",
    "webhook rotate-secret ID --overlap 0s    (the old secret is known to others)",
  ],
  operand,
  options: [idOption, overlapOption("How long the old secret still signs too."), jsonOption, ...secretOptions],
  run: async (values, terminal) => {
    const id = identifier("id", values.required("id"));
    const overlap = overlapOf(values);
    const { rotateSecret } = await webhooks();
    await administer(values, terminal, async (administration) => {
      const oldExpires = administration.clock() + overlap;
      const secret = await rotateSecret(administration, id, oldExpires);
      const until = formatDateTime(oldExpires);
      const old = overlap > 0 ? `The old secret signs too until ${until}.` : "The old secret does not sign any more.";
      const note = `${old} The new one, shown only now:`;
      printMade(terminal, values, { Id: id, Secret: secret, OldSecretExpiresUtc: until }, note, secret);
    });
  },
};

const test: Command = {
  name: "webhook test",
  summary: "Send the webhook a signed request without events, and show what it answers.",
  examples: ["webhook test ID"],
  operand,
  options: [idOption, ...secretOptions, ...allowOptions],
  run: async (values, terminal) => {
    const id = identifier("id", values.required("id"));
    const { testWebhook } = await webhooks();
    await administer(values, terminal, async (administration) => {
      const to = await destinationsOf(administration, values, terminal);
      const { requestHeaders, requestBody, started, latency, status, headers, body, error } = await testWebhook(
        administration,
        id,
        to,
      );
      const result = {
        StartedUtc: formatDateTime(started),
        Milliseconds: latency / 1000,
        Status: status,
        Error: error,
        Request: { Headers: requestHeaders, Body: requestBody },
        Response: { Headers: headers, Body: body },
      };
      terminal.out(JSON.stringify(result, null, 2));
      if (error) throw new Problem("unavailable", error);
      terminal.note(`It answered ${status} within ${Math.round(latency / 1000)} ms.`);
    });
  },
};

const forget: Command = {
  name: "webhook forget-secrets",
  summary: "After the key file was lost: disable every webhook until it has a new secret. Stop the server first.",
  examples: ["webhook forget-secrets", "webhook rotate-secret ID", "webhook enable ID"],
  options: databaseOptions,
  run: async (values, terminal) => {
    await administer(values, terminal, ({ store }) => store.db.transaction(forgetSecrets));
    terminal.note("Every secret is forgotten, and another key may be used. Now rotate and enable each webhook.");
  },
};

export const webhookCommands: readonly Command[] = [set, list, enable, disable, rotate, test, forget];
