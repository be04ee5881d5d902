import { existsSync } from "node:fs";
import { readSetting } from "../../config/config.ts";
import { defaultKeyFile } from "../../config/secret-key.ts";
import { type Setting, settings } from "../../config/settings.ts";
import { systemClock } from "../../core/clock.ts";
import { databasePlace } from "../../core/database-place.ts";
import { type CopySide, Problem } from "../../core/problem.ts";
import { type CopySource, type CopySummary, copyDatabase, copySource } from "../../store/copy/copy.ts";
import { withSide } from "../../store/copy/sides.ts";
import type { Db } from "../../store/db.ts";
import { isSecretKeyClaimed } from "../../store/directory/installation.ts";
import { openDatabase } from "../../store/store.ts";
import { type Command, jsonOption, type Option, UsageError, usage } from "../command.ts";
import { keptIn } from "../database-text.ts";
import { printJson } from "../printing.ts";
import { count, progressBar } from "../progress-bar.ts";
import { settingOptions } from "../setting-options.ts";

const placeOption = (name: string, description: string): Option => ({
  name,
  placeholder: "URL",
  description,
  isRequired: true,
});

export const copyCommand: Command = {
  name: "copy",
  summary: "Copy everything into an empty database, of either engine, and verify the copy. Stop the servers first.",
  examples: [
    "copy --from sqlite:data/innbox.db --to postgres://innbox@db.example/innbox",
    "copy --from postgres://innbox@db.example/innbox --to sqlite:/var/lib/innbox/innbox.db",
  ],
  options: [
    placeOption("from", "The database to copy; it is not changed."),
    placeOption("to", "An empty database, or the unfinished copy of the same source, which is then finished."),
    jsonOption,
    ...settingOptions([settings.databaseConnections, settings.databasePartitions, settings.databasePrepare]),
  ],
  run: async (values, terminal) => {
    const read = <T>(setting: Setting<T>): T => usage(() => readSetting(setting, values.flags, terminal.environment));
    const [from, to] = [read(placeSetting("from")), read(placeSetting("to"))];
    if (keptIn(from) === keptIn(to)) throw new UsageError("--from and --to must be two databases.");
    mustExist(from);
    const options = {
      databaseConnections: read(settings.databaseConnections),
      databasePrepare: read(settings.databasePrepare),
    };
    const open = (side: CopySide, url: string) => withSide(side, async () => openDatabase(url, options));
    const db = await open("source", from);
    try {
      // Checked before the target is opened: opening creates a file, which a refused copy must not leave behind.
      const source = await copySource(db);
      const target = await open("target", to);
      try {
        const begun = performance.now();
        const summary = await copyVisibly(source, target, read(settings.databasePartitions));
        const seconds = (performance.now() - begun) / 1000;
        if (values.has("json")) printJson(terminal, record(from, to, summary, seconds));
        terminal.note(`Copied ${count(summary.rows)} rows in ${seconds.toFixed(1)} s, and verified each of them.`);
        if (await isSecretKeyClaimed(db)) terminal.note(keyHint(from, to));
      } finally {
        await target.close();
      }
    } finally {
      await db.close();
    }
  },
};

function placeSetting(name: string): Setting<string> {
  return { ...settings.database, name };
}

/** Refuses a source file that does not exist, which opening it would create as an empty database. */
function mustExist(from: string): void {
  const place = databasePlace(from);
  if (place.engine !== "sqlite" || existsSync(place.path)) return;
  throw new Problem("unavailable", `There is no database at ${place.path}.`, { side: "source" });
}

async function copyVisibly(source: CopySource, target: Db, partitions: number): Promise<CopySummary> {
  const bar = progressBar(process.stderr, () => performance.now());
  try {
    return await copyDatabase(source, target, {
      clock: systemClock,
      partitions,
      report: ({ work, table, done, total }) => {
        bar.draw({ title: work === "copying" ? "Copying" : "Verifying", done, total, detail: table });
      },
    });
  } finally {
    bar.clear();
  }
}

function record(from: string, to: string, { rows, rowsBefore, tables }: CopySummary, seconds: number): object {
  return {
    From: keptIn(from),
    To: keptIn(to),
    Rows: rows,
    RowsOfEarlierRuns: rowsBefore,
    Seconds: Number(seconds.toFixed(3)),
    Tables: tables.map(({ name, rows, digest }) => ({ Name: name, Rows: rows, Digest: digest })),
  };
}

/** Says where the key must go: it seals secrets in the database, is kept outside it, and so was not copied. */
function keyHint(from: string, to: string): string {
  return (
    `Its secrets are sealed with the key of the old place, ${defaultKeyFile(from)} unless --secret-key-file or ` +
    `INNBOX_SECRET_KEY named another: copy it to ${defaultKeyFile(to)}, or name it in the same way.`
  );
}
