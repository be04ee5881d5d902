import { firstOwnerLink } from "../../administration/staff.ts";
import type { App } from "../../app.ts";
import { type Config, readConfig } from "../../config/config.ts";
import { databasePlace } from "../../core/database-place.ts";
import { version } from "../../core/version.ts";
import type { RequestLog } from "../../http/request-log.ts";
import { watchDescriptors } from "../../ops/descriptors.ts";
import { type IntegrityWatch, watchIntegrity } from "../../ops/integrity-watch.ts";
import { type Introduction, landingRoute } from "../../pages/introduction.ts";
import { listClients } from "../../store/directory/directory.ts";
import { occupyDatabase } from "../../store/engines/sqlite/occupancy.ts";
import { type Command, type Terminal, usage } from "../command.ts";
import { databaseArgument } from "../database-text.ts";
import { innboxCommand } from "../own-command.ts";
import { sharedOption, untilStopped, withstandSignals } from "../running.ts";
import { settingOptions } from "../setting-options.ts";

export const serveCommand: Command = {
  name: "serve",
  summary: "Start a real installation: no demo tokens, JSON log lines.",
  examples: ["serve --host 0.0.0.0 --database sqlite:/var/lib/innbox/innbox.db"],
  options: [
    {
      name: "hold-webhooks",
      description: "Send no webhook until innbox webhook release, as a restored backup must not. Holds over restarts.",
    },
    sharedOption,
    ...settingOptions(),
  ],
  run: async (values, terminal) => {
    const config = usage(() => readConfig(values.flags, terminal.environment));
    // Loaded when it runs: no other command waits for the server.
    const { createApp } = await import("../../app.ts");
    const { listenAndStart } = await import("../../listen.ts");
    const { jsonLog } = await import("../../http/request-log.ts");
    const log = jsonLog(config.logBuffer);
    withstandSignals(log);
    watchDescriptors(log.note);
    const occupancy = occupyDatabase(config.database, { isShared: values.has("shared") });
    try {
      const integrity = integrityWatch(config, log);
      const app = await createApp(config, {
        log,
        holdsWebhooks: values.has("hold-webhooks"),
        ...(integrity && { damage: integrity.damage }),
      });
      landingRoute(app.server.fastify, introduction);
      const url = await listenAndStart(app, config);
      integrity?.start();
      log.note(`Innbox ${version} listens at ${url}`);
      app.ready
        .then(() => introduceIfNew(app, config.publicUrl ?? url, values.text("database"), terminal))
        .catch(() => undefined);
      const stop = async () => {
        await integrity?.stop();
        await app.stop();
      };
      await untilStopped({ stop }, log);
    } finally {
      occupancy.release();
    }
  },
};

/** Checks of the SQLite file for damage; `undefined` for PostgreSQL, which checks its own files. */
function integrityWatch({ database, checkInterval }: Config, { note }: RequestLog): IntegrityWatch | undefined {
  const place = databasePlace(database);
  if (place.engine === "postgres" || checkInterval === undefined) return undefined;
  return watchIntegrity(place.path, { interval: checkInterval, note });
}

async function introduceIfNew(app: App, url: string, database: string | undefined, terminal: Terminal): Promise<void> {
  const clients = await listClients(app.store.db);
  if (clients.length === 0) for (const line of firstSteps(database)) terminal.note(line);
  const link = await firstOwnerLink(app.store, app.clock, url);
  if (!link) return;
  terminal.note("Nobody owns the inbox yet. Who opens this link within 24 hours becomes its first owner:");
  terminal.note(`  ${link}`);
}

const introduction: Introduction = {
  title: "Innbox",
  paragraphs: ["A guest-messaging server for hotels and their integration partners."],
};

function firstSteps(database: string | undefined): string[] {
  const place = databaseArgument(database);
  const innbox = (command: string) => `  ${innboxCommand} ${command}${place}`;
  return [
    "Nobody can call yet: there is no client. Add a property, a partner's application, and connect them:",
    innbox('enterprise add --name "Grand Hotel"'),
    innbox('client add --name "Chatbot Inc."'),
    innbox("integration add --client CLIENT-ID --enterprise ENTERPRISE-ID"),
  ];
}
