/**
 * The first schema, as PostgreSQL has it. A property's data is spread over partitions by `enterprise_id`, which leads
 * every key; the operator's records, which are few, are not. Rows of the three large tables have no foreign keys: what
 * they belong to is looked up, under the lock of their property, by the transaction that adds them.
 */
export const initialPostgres = `
  CREATE TABLE installation (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    kind TEXT CHECK (kind IN ('sandbox', 'production')),
    directory_version BIGINT NOT NULL DEFAULT 0
  );
  INSERT INTO installation (id) VALUES (1);

  CREATE TABLE client (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    token_digest BYTEA NOT NULL UNIQUE,
    is_enabled BOOLEAN NOT NULL,
    created BIGINT NOT NULL
  );

  CREATE TABLE enterprise (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    time_zone_identifier TEXT NOT NULL,
    default_language_code TEXT NOT NULL,
    is_enabled BOOLEAN NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
  );

  CREATE TABLE integration (
    id UUID PRIMARY KEY,
    client_id UUID NOT NULL REFERENCES client (id),
    primary_enterprise_id UUID NOT NULL REFERENCES enterprise (id),
    is_enabled BOOLEAN NOT NULL,
    created BIGINT NOT NULL
  );

  CREATE TABLE integration_enterprise (
    integration_id UUID NOT NULL REFERENCES integration (id),
    enterprise_id UUID NOT NULL REFERENCES enterprise (id),
    linked BIGINT NOT NULL,
    PRIMARY KEY (integration_id, enterprise_id)
  );

  CREATE TABLE access_token (
    digest BYTEA PRIMARY KEY,
    integration_id UUID NOT NULL REFERENCES integration (id),
    created BIGINT NOT NULL,
    expires BIGINT
  );
  CREATE INDEX access_token_of_integration ON access_token (integration_id);

  -- The end of each property's log: the last number given out, and the last time. Whoever writes locks it first.
  CREATE TABLE property (
    enterprise_id UUID PRIMARY KEY REFERENCES enterprise (id),
    sequence BIGINT NOT NULL,
    created BIGINT NOT NULL
  ) PARTITION BY HASH (enterprise_id);

  CREATE TABLE property_log (
    enterprise_id UUID NOT NULL,
    sequence BIGINT NOT NULL,
    created BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('ThreadAdded', 'MessageAdded', 'ThreadResolved', 'ThreadReopened')),
    client_id UUID NOT NULL,
    message_thread_id UUID NOT NULL,
    message_id UUID,
    PRIMARY KEY (enterprise_id, sequence)
  ) PARTITION BY HASH (enterprise_id);

  -- created is unique within a property and in the order of its log: it is the position in every list.
  CREATE TABLE message_thread (
    enterprise_id UUID NOT NULL,
    client_id UUID NOT NULL,
    created BIGINT NOT NULL,
    id UUID NOT NULL,
    updated BIGINT NOT NULL,
    is_resolved BOOLEAN NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (enterprise_id, client_id, created)
  ) PARTITION BY HASH (enterprise_id);
  CREATE UNIQUE INDEX message_thread_by_id ON message_thread (enterprise_id, id);
  -- An interval of updates is cut into whole days and, at its ends, whole hours; each is in the order of lists.
  CREATE INDEX message_thread_by_update_day
    ON message_thread (enterprise_id, client_id, (updated / 86400000000), created, updated);
  CREATE INDEX message_thread_by_update_hour
    ON message_thread (enterprise_id, client_id, (updated / 3600000000), created, updated);

  CREATE TABLE message (
    enterprise_id UUID NOT NULL,
    message_thread_id UUID NOT NULL,
    created BIGINT NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (enterprise_id, message_thread_id, created)
  ) PARTITION BY HASH (enterprise_id);
  CREATE UNIQUE INDEX message_by_id ON message (enterprise_id, id);

  CREATE TABLE idempotency_key (
    enterprise_id UUID NOT NULL,
    client_id UUID NOT NULL,
    operation TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    body_digest BYTEA NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (enterprise_id, client_id, operation, key)
  ) PARTITION BY HASH (enterprise_id);
  CREATE INDEX idempotency_key_by_age ON idempotency_key (enterprise_id, created);
`;
