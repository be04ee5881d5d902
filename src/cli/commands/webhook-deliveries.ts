import { deliveryRecord } from "../../administration/records.ts";
import { fromMilliseconds } from "../../core/clock.ts";
import { duration } from "../../core/duration.ts";
import { formatDateTime, secondOf } from "../../protocol/date-time.ts";
import type { DeliveryRecord } from "../../protocol/staff/webhooks.ts";
import {
  type AttemptRow,
  attemptsOf,
  findDelivery,
  type ListedDeliveryRow,
  listDeliveries,
  resend,
  resendFailed,
} from "../../store/webhooks/deliveries.ts";
import { type Administration, administer, databaseOptions, identifier, secretOptions } from "../administration.ts";
import { type Command, jsonOption, type Option, type Terminal, UsageError, type Values } from "../command.ts";
import { type Column, fieldsOf, printList } from "../printing.ts";

const columns: readonly Column<DeliveryRecord>[] = [
  ["ID", "Id"],
  ["CLIENT", "Client", ({ ClientName }) => ClientName],
  ["KIND", "Kind", ({ Kind }) => Kind.toLowerCase()],
  ["STATE", "State", ({ State }) => State.toLowerCase()],
  ["ATTEMPTS", "AttemptCount"],
  ["LAST", "LastStatus", lastOutcome],
  ["NEXT ATTEMPT", "NextAttemptUtc"],
  ["CREATED", "CreatedUtc"],
];

/** The status of the last attempt, or its error if there was no answer or a failure that looks like a success. */
function lastOutcome({ LastStatus, LastError }: DeliveryRecord): string | number | null {
  const isMisleading = LastStatus !== null && LastStatus < 300 && LastError !== null;
  return isMisleading ? LastError : (LastStatus ?? LastError);
}

const sinceOption: Option = {
  name: "since",
  placeholder: "TIME",
  description: "Only those made since: 2h or 7d ago, or a date-time as in 2026-03-01T00:00:00Z.",
};

const shownAtMost = 100;

const deliveries: Command = {
  name: "webhook deliveries",
  summary: "List what was sent to webhooks, newest first, or show one of them with every attempt.",
  operand: "id",
  examples: [
    "webhook deliveries",
    "webhook deliveries --failed --since 7d",
    "webhook deliveries ID    (headers and bodies both ways)",
  ],
  options: [
    { name: "failed", description: "Only those that were given up." },
    sinceOption,
    { name: "limit", placeholder: "N", description: `How many to list at most. Default ${shownAtMost}.` },
    { name: "id", placeholder: "ID", description: "Show this one, which is the webhook-id that the receiver got." },
    jsonOption,
    ...secretOptions,
  ],
  run: async (values, terminal) => {
    const id = values.text("id");
    const since = sinceIn(values);
    const limit = limitOf(values);
    await administer(values, terminal, async (administration) => {
      if (id !== undefined) return show(administration, identifier("id", id), terminal);
      const { store, clock } = administration;
      const rows = await listDeliveries(store.db, since(clock()), values.has("failed"), limit);
      printList(terminal, values, columns, rows.map(deliveryRecord), "No delivery.");
    });
  },
};

/** Everything that is known of a delivery, but for the tokens in it. */
async function show({ store, secretBox }: Administration, id: string, terminal: Terminal): Promise<void> {
  const delivery = await findDelivery(store.db, id);
  const body = await bodyOf(delivery, secretBox);
  const attempts = await attemptsOf(store.db, delivery);
  const shown = {
    ...fieldsOf(columns, deliveryRecord(delivery)),
    EnterpriseId: delivery.enterprise_id,
    IntegrationId: delivery.integration_id,
    RequestBody: body,
    Attempts: attempts.map(attemptRecord),
  };
  terminal.out(JSON.stringify(shown, (name, value) => (secretNames.includes(name) ? "(hidden)" : value), 2));
}

/** `null` when it was sealed with a key that was lost. */
async function bodyOf({ id, body }: ListedDeliveryRow, secretBox: Administration["secretBox"]): Promise<unknown> {
  const box = await secretBox();
  try {
    return JSON.parse(box.open(body, id));
  } catch {
    return null;
  }
}

const secretNames = ["AccessToken", "ApiKey"];

function attemptRecord(attempt: AttemptRow): object {
  return {
    Number: attempt.number,
    StartedUtc: formatDateTime(attempt.started),
    Milliseconds: attempt.latency / 1000,
    Status: attempt.status,
    Error: attempt.error,
    RequestHeaders: JSON.parse(attempt.request_headers),
    ResponseHeaders: attempt.response_headers && JSON.parse(attempt.response_headers),
    ResponseBody: attempt.response_body,
  };
}

const resendCommand: Command = {
  name: "webhook resend",
  summary: "Send a delivery again, the same id and body, from the start of the schedule.",
  operand: "id",
  examples: ["webhook resend ID", "webhook resend --failed --since 7d"],
  options: [
    { name: "id", placeholder: "ID", description: "The delivery; or" },
    { name: "failed", description: "all that were given up." },
    sinceOption,
    ...databaseOptions,
  ],
  run: async (values, terminal) => {
    const id = values.text("id");
    if (id !== undefined && values.has("since")) throw new UsageError("--since is for --failed only.");
    if ((id === undefined) === !values.has("failed")) throw new UsageError("Give the id of a delivery, or --failed.");
    const since = sinceIn(values);
    await administer(values, terminal, async ({ store, clock }) => {
      const now = clock();
      if (id !== undefined) await resend(store.db, identifier("id", id), now);
      const count = id === undefined ? await resendFailed(store.db, since(now), now) : 1;
      terminal.note(count === 1 ? "One delivery will be sent again." : `${count} deliveries will be sent again.`);
    });
  },
};

/** Makes the time that `--since` names of the present one. Without the flag, it is 0, before everything. */
function sinceIn(values: Values): (now: number) => number {
  const text = values.text("since");
  if (text === undefined) return () => 0;
  const moment = secondOf(text);
  if (moment !== undefined) return () => moment;
  try {
    const ago = fromMilliseconds(duration(text));
    return (now) => now - ago;
  } catch {
    throw new UsageError(`--since must be a time ago as in 2h or 7d, or a date-time, not "${text}".`);
  }
}

function limitOf(values: Values): number {
  const text = values.text("limit") ?? String(shownAtMost);
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit < 1) throw new UsageError(`--limit must be a whole number from 1, not "${text}".`);
  return limit;
}

export const webhookDeliveryCommands: readonly Command[] = [deliveries, resendCommand];
