import { readDatabaseConfig } from "../../config/config.ts";
import { systemClock } from "../../core/clock.ts";
import { migrate as applyMigrations } from "../../store/migrations/migrations.ts";
import { openStore } from "../../store/store.ts";
import { databaseOptions } from "../administration.ts";
import { type Command, usage } from "../command.ts";

export const migrateCommand: Command = {
  name: "migrate",
  summary: "Bring the database's schema up to date. Servers do the same when they start.",
  examples: ["migrate", "migrate --database sqlite:/var/lib/innbox/innbox.db"],
  options: databaseOptions,
  run: async (values, terminal) => {
    const config = usage(() => readDatabaseConfig(values.flags, terminal.environment));
    const store = openStore(config.database, systemClock, config);
    try {
      const applied = await applyMigrations(store.db, systemClock, config.databasePartitions);
      terminal.note(applied.length > 0 ? `Applied: ${applied.join(", ")}.` : "The database is up to date.");
    } finally {
      await store.close();
    }
  },
};
