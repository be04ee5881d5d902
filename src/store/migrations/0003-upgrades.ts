/**
 * Which versions may work with the schema: from this migration on, each notes the oldest one whose servers may go on
 * running beside it. Those before noted nothing; none of their servers ever ran beside another version's.
 *
 * `copy_progress` has a row while a copy into this database is unfinished, and no server opens it then: what tells the
 * source and its state from others, the last row that is here by its table and key, and how many there are.
 */
export const upgrades = `
  ALTER TABLE schema_migration ADD COLUMN runs_with INTEGER;

  CREATE TABLE copy_progress (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    source TEXT NOT NULL,
    copied_table TEXT,
    last_key TEXT,
    copied_rows INTEGER NOT NULL
  ) STRICT;
`;

export const upgradesPostgres = upgrades.replace(" STRICT", "").replaceAll("copied_rows INTEGER", "copied_rows BIGINT");
