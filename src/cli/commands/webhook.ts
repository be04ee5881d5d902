import { exchangeRecord, webhookRecord } from "../../administration/records.ts";
import { readSetting } from "../../config/config.ts";
import { settings } from "../../config/settings.ts";
import { Problem } from "../../core/problem.ts";
import { tokenDigest } from "../../core/tokens.ts";
import type { Destinations } from "../../delivery/webhooks/destination.ts";
import { type EventDiscriminator, eventDiscriminators } from "../../protocol/connector/event-names.ts";
import { formatDateTime } from "../../protocol/date-time.ts";
import type { WebhookRecord } from "../../protocol/staff/webhooks.ts";
import { clientOfToken } from "../../store/directory/directory.ts";
import { installationKind } from "../../store/directory/installation.ts";
import {
  disableWebhookEndpoint,
  enableWebhookEndpoint,
  forgetSecrets,
  listWebhookEndpoints,
  type WebhookKind,
} from "../../store/webhooks/endpoints.ts";
import {
  type Administration,
  administer,
  changeCommand,
  databaseOptions,
  identifier,
  idIn,
  idOption,
  secretOptions,
} from "../administration.ts";
import { type Command, jsonOption, type Terminal, UsageError, usage, type Values } from "../command.ts";
import { overlapOf, overlapOption } from "../overlap.ts";
import { type Column, printJson, printList, printMade } from "../printing.ts";
import { settingOptions } from "../setting-options.ts";
import { noteHold } from "./webhook-hold.ts";

const kinds: readonly WebhookKind[] = ["general", "integration"];

const columns: readonly Column<WebhookRecord>[] = [
  ["ID", "Id"],
  ["CLIENT", "Client", ({ ClientName }) => ClientName],
  ["KIND", "Kind", ({ Kind }) => Kind.toLowerCase()],
  ["URL", "Url"],
  ["EVENTS", "Events"],
  ["ENABLED", "IsEnabled"],
  ["FAILING SINCE", "FailingSinceUtc"],
  ["DISABLED", "DisabledReason"],
  ["CREATED", "CreatedUtc"],
];

const webhook = idOption("The webhook.");
const operand = "id";
const allowOptions = settingOptions([settings.webhookAllow]);

/** Loaded by the commands that need it alone, since what makes HTTP calls takes long to load. */
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

/** The rule for URLs that a server on this database would apply. */
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
      const records = (await listWebhookEndpoints(store.db)).map(webhookRecord);
      printList(terminal, values, columns, records, "No webhook yet; add one with innbox webhook set.");
      await noteHold(store.db, terminal);
    }),
};

const enable = changeCommand({
  name: "webhook enable",
  summary: "Send to the webhook again: what waited, and what happened meanwhile.",
  examples: ["webhook enable ID", "webhook enable ID --skip    (leave out what happened meanwhile)"],
  operand,
  options: [
    webhook,
    { name: "skip", description: "Leave out the events that happened while it was disabled." },
    ...databaseOptions,
  ],
  subject: idIn,
  change: ({ db }, id, values) =>
    db.transaction((transaction) => enableWebhookEndpoint(transaction, id, values.has("skip"))),
  done: (id) => `The webhook ${id} is enabled.`,
});

const disable = changeCommand({
  name: "webhook disable",
  summary: "Send nothing to the webhook for now. Events go on waiting for it.",
  examples: ["webhook disable ID"],
  operand,
  options: [webhook, ...databaseOptions],
  subject: idIn,
  change: ({ db }, id) => db.transaction((transaction) => disableWebhookEndpoint(transaction, id, "By the operator.")),
  done: (id) => `The webhook ${id} is disabled.`,
});

const rotate: Command = {
  name: "webhook rotate-secret",
  summary: "Make a new secret and print it, this once; for a while both sign.",
  examples: [
    "webhook rotate-secret ID",
    "webhook rotate-secret ID --overlap 0s    (the old secret is known to others)",
  ],
  operand,
  options: [webhook, overlapOption("How long the old secret still signs too."), jsonOption, ...secretOptions],
  run: async (values, terminal) => {
    const id = idIn(values);
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
  options: [webhook, ...secretOptions, ...allowOptions],
  run: async (values, terminal) => {
    const id = idIn(values);
    const { testWebhook } = await webhooks();
    await administer(values, terminal, async (administration) => {
      const to = await destinationsOf(administration, values, terminal);
      const sent = exchangeRecord(await testWebhook(administration, id, to));
      printJson(terminal, sent);
      if (sent.Error) throw new Problem("unavailable", sent.Error);
      terminal.note(`It answered ${sent.Status} within ${Math.round(sent.Milliseconds)} ms.`);
    });
  },
};

const forget = changeCommand({
  name: "webhook forget-secrets",
  summary: "After the key file was lost: disable every webhook until it has a new secret. Stop the server first.",
  examples: ["webhook forget-secrets", "webhook rotate-secret ID", "webhook enable ID"],
  options: databaseOptions,
  subject: () => undefined,
  change: ({ db }) => db.transaction(forgetSecrets),
  done: () => "Every secret is forgotten, and another key may be used. Now rotate and enable each webhook.",
});

export const webhookCommands: readonly Command[] = [set, list, enable, disable, rotate, test, forget];
