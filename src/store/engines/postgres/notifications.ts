import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { Client, QueryConfig } from "pg";
import type { Connections } from "./connections.ts";

const channel = "innbox";

/** How long to wait before listening again after the connection was lost, in milliseconds. */
const pause = 1000;

/** How often to ask whether the server is still there, and how long to wait for its answer, in milliseconds. */
const pingInterval = 1000;
const pingTimeout = 3000;

export interface Notifications {
  notify(message: string): void;
  onNotification(listener: (message: string) => void): void;
  close(): Promise<void>;
}

/**
 * Hints between processes, by LISTEN and NOTIFY. Listening needs a connection of its own, the only one that depends on
 * more than a transaction; it begins with the first listener. A lost hint costs a look at the database. They are not
 * part of the transactions that they speak of: PostgreSQL commits those that notify one after the other.
 */
export function notifications(connections: Connections): Notifications {
  const self = randomUUID();
  const listeners: ((message: string) => void)[] = [];
  const closing = new AbortController();
  let listening: Promise<void> | undefined;

  async function listen(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        const client = await connections.dedicated();
        await heard(client);
      } catch {
        // What could not be heard is found by looking.
      }
      await setTimeout(pause, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
    }
  }

  /** Until the connection is lost. */
  async function heard(client: Client): Promise<void> {
    const ended = new Promise<void>((resolve) => client.once("end", resolve));
    const end = () => void client.end().catch(() => undefined);
    closing.signal.addEventListener("abort", end);
    // Without an answer the connection is broken off, and the next one may lead to another server.
    const ping: QueryConfig & { readonly query_timeout: number } = { text: "SELECT 1", query_timeout: pingTimeout };
    const pinging = setInterval(() => client.query(ping).catch(() => undefined), pingInterval);
    try {
      client.on("notification", ({ payload = "" }) => {
        if (payload.startsWith(self)) return;
        for (const listener of listeners) listener(payload.slice(self.length));
      });
      await client.query(`LISTEN ${channel}`);
      if (closing.signal.aborted) end();
      await ended;
    } finally {
      clearInterval(pinging);
      closing.signal.removeEventListener("abort", end);
      end();
    }
  }

  return {
    notify: (message) => {
      const sent = connections.shared((client) => client.query("SELECT pg_notify($1, $2)", [channel, self + message]));
      sent.catch(() => undefined);
    },
    onNotification: (listener) => {
      listeners.push(listener);
      listening ??= listen();
    },
    close: async () => {
      closing.abort();
      await listening;
    },
  };
}
