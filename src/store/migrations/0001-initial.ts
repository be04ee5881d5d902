/**
 * The first schema. `enterprise_id` leads every key of a property's data, so that a property is one partition's
 * business. Times are microseconds since 1970. A `document` is a thing exactly as the Connector API answers it, so that
 * a page of any length is a concatenation.
 */
export const initial = `
  CREATE TABLE installation (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    kind TEXT CHECK (kind IN ('sandbox', 'production')),
    directory_version INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  INSERT INTO installation (id) VALUES (1);

  CREATE TABLE client (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    token_digest BLOB NOT NULL UNIQUE,
    is_enabled INTEGER NOT NULL,
    created INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE enterprise (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    time_zone_identifier TEXT NOT NULL,
    default_language_code TEXT NOT NULL,
    is_enabled INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE integration (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES client (id),
    primary_enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    is_enabled INTEGER NOT NULL,
    created INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE integration_enterprise (
    integration_id TEXT NOT NULL REFERENCES integration (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    linked INTEGER NOT NULL,
    PRIMARY KEY (integration_id, enterprise_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE access_token (
    digest BLOB PRIMARY KEY,
    integration_id TEXT NOT NULL REFERENCES integration (id),
    created INTEGER NOT NULL,
    expires INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX access_token_of_integration ON access_token (integration_id);

  -- The end of each property's log: the last number given out, and the last time.
  CREATE TABLE property (
    enterprise_id TEXT PRIMARY KEY REFERENCES enterprise (id),
    sequence INTEGER NOT NULL,
    created INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE property_log (
    enterprise_id TEXT NOT NULL REFERENCES property (enterprise_id),
    sequence INTEGER NOT NULL,
    created INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('ThreadAdded', 'MessageAdded', 'ThreadResolved', 'ThreadReopened')),
    client_id TEXT NOT NULL,
    message_thread_id TEXT NOT NULL,
    message_id TEXT,
    PRIMARY KEY (enterprise_id, sequence)
  ) STRICT, WITHOUT ROWID;

  -- created is unique within a property and in the order of its log: it is the position in every list.
  CREATE TABLE message_thread (
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    client_id TEXT NOT NULL REFERENCES client (id),
    created INTEGER NOT NULL,
    id TEXT NOT NULL,
    updated INTEGER NOT NULL,
    is_resolved INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (enterprise_id, client_id, created)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX message_thread_by_id ON message_thread (enterprise_id, id);
  -- An interval of updates is cut into whole days and, at its ends, whole hours; each is in the order of lists.
  CREATE INDEX message_thread_by_update_day
    ON message_thread (enterprise_id, client_id, updated / 86400000000, created, updated);
  CREATE INDEX message_thread_by_update_hour
    ON message_thread (enterprise_id, client_id, updated / 3600000000, created, updated);

  CREATE TABLE message (
    enterprise_id TEXT NOT NULL,
    message_thread_id TEXT NOT NULL,
    created INTEGER NOT NULL,
    id TEXT NOT NULL,
    client_id TEXT NOT NULL REFERENCES client (id),
    document TEXT NOT NULL,
    PRIMARY KEY (enterprise_id, message_thread_id, created),
    FOREIGN KEY (enterprise_id, message_thread_id) REFERENCES message_thread (enterprise_id, id)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX message_by_id ON message (enterprise_id, id);

  CREATE TABLE idempotency_key (
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    client_id TEXT NOT NULL REFERENCES client (id),
    operation TEXT NOT NULL,
    key TEXT NOT NULL,
    created INTEGER NOT NULL,
    body_digest BLOB NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (enterprise_id, client_id, operation, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX idempotency_key_by_age ON idempotency_key (enterprise_id, created);
`;
