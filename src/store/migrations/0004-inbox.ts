import { nilIdentifier } from "../../core/identifiers.ts";

/**
 * What the property's own people work with. A thread knows what the lists of the inbox show of it. `counted` says as
 * what it is part of `inbox_count`: 0 not yet, 1 open, 2 open and awaiting a reply, 3 resolved. `summarized` is the
 * `updated` that all this was right for: servers of older versions change a thread without it, and so does nobody else,
 * so that whatever differs is summarized anew.
 *
 * The log's own people are no clients: an entry that no client is to hear of has none, which is the identifier of zeros.
 */
export const inbox = `
  ALTER TABLE enterprise ADD COLUMN reply_target_minutes INTEGER NOT NULL DEFAULT 15;

  CREATE TABLE staff_user (
    id TEXT PRIMARY KEY,
    -- In lower case.
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT,
    is_owner INTEGER NOT NULL,
    is_enabled INTEGER NOT NULL,
    preferences TEXT NOT NULL,
    -- Wrong passwords since the last right one, and when the last was given.
    failures INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    created INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX staff_user_owner ON staff_user (id) WHERE is_owner;

  CREATE TABLE staff_membership (
    user_id TEXT NOT NULL REFERENCES staff_user (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    role TEXT NOT NULL CHECK (role IN ('Agent', 'Manager')),
    created INTEGER NOT NULL,
    PRIMARY KEY (user_id, enterprise_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX staff_membership_of_enterprise ON staff_membership (enterprise_id, user_id);

  CREATE TABLE staff_session (
    id TEXT PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    user_id TEXT NOT NULL REFERENCES staff_user (id),
    user_agent TEXT NOT NULL,
    address TEXT NOT NULL,
    created INTEGER NOT NULL,
    last_used INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX staff_session_of_user ON staff_session (user_id, created);
  CREATE INDEX staff_session_by_use ON staff_session (last_used);

  CREATE TABLE staff_link (
    digest BLOB PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('FirstOwner', 'Invitation', 'Reset')),
    user_id TEXT REFERENCES staff_user (id),
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX staff_link_of_user ON staff_link (user_id);
  CREATE INDEX staff_link_by_age ON staff_link (expires);

  ALTER TABLE message_thread ADD COLUMN assignee_id TEXT NOT NULL DEFAULT '${nilIdentifier}';
  ALTER TABLE message_thread ADD COLUMN waiting_since INTEGER;
  ALTER TABLE message_thread ADD COLUMN last_words TEXT;
  ALTER TABLE message_thread ADD COLUMN last_sender TEXT;
  ALTER TABLE message_thread ADD COLUMN last_user_id TEXT;
  -- The number of the last message in the property's log; 0 when that was before this column.
  ALTER TABLE message_thread ADD COLUMN last_position INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE message_thread ADD COLUMN counted INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE message_thread ADD COLUMN summarized INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX message_thread_awaiting ON message_thread (enterprise_id, waiting_since) WHERE waiting_since IS NOT NULL;
  CREATE INDEX message_thread_by_state ON message_thread (enterprise_id, is_resolved, updated);
  CREATE INDEX message_thread_open_by_assignee ON message_thread (enterprise_id, assignee_id, updated)
    WHERE NOT is_resolved;
  CREATE INDEX message_thread_unsummarized ON message_thread (enterprise_id, created) WHERE summarized <> updated;

  ALTER TABLE message ADD COLUMN user_id TEXT;

  -- SQLite can't change a CHECK: the log moves into a table with the new one.
  CREATE TABLE new_property_log (
    enterprise_id TEXT NOT NULL REFERENCES property (enterprise_id),
    sequence INTEGER NOT NULL,
    created INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (
      kind IN ('ThreadAdded', 'MessageAdded', 'ThreadResolved', 'ThreadReopened', 'NoteAdded', 'ThreadAssigned')
    ),
    client_id TEXT NOT NULL,
    message_thread_id TEXT NOT NULL,
    message_id TEXT,
    user_id TEXT,
    assignee_id TEXT,
    PRIMARY KEY (enterprise_id, sequence)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO new_property_log
    (enterprise_id, sequence, created, kind, client_id, message_thread_id, message_id)
    SELECT enterprise_id, sequence, created, kind, client_id, message_thread_id, message_id FROM property_log;
  DROP TABLE property_log;
  ALTER TABLE new_property_log RENAME TO property_log;
  CREATE INDEX property_log_events ON property_log (enterprise_id, client_id, created) WHERE kind <> 'ThreadAdded';
  -- What happened in a thread beside its messages.
  CREATE INDEX property_log_of_thread ON property_log (enterprise_id, message_thread_id, created)
    WHERE kind <> 'ThreadAdded' AND kind <> 'MessageAdded';

  CREATE TABLE note (
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    id TEXT NOT NULL,
    message_thread_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    created INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (enterprise_id, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE inbox_count (
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    assignee_id TEXT NOT NULL,
    open_threads INTEGER NOT NULL,
    awaiting_threads INTEGER NOT NULL,
    resolved_threads INTEGER NOT NULL,
    PRIMARY KEY (enterprise_id, assignee_id)
  ) STRICT, WITHOUT ROWID;

  -- How far a person has read a thread, as a number of the property's log.
  CREATE TABLE thread_reading (
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    message_thread_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (enterprise_id, message_thread_id, user_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE draft (
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    message_thread_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    text TEXT NOT NULL,
    updated INTEGER NOT NULL,
    PRIMARY KEY (enterprise_id, message_thread_id, user_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE saved_reply (
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    shortcut TEXT NOT NULL,
    language_code TEXT NOT NULL,
    id TEXT NOT NULL,
    text TEXT NOT NULL,
    updated INTEGER NOT NULL,
    PRIMARY KEY (enterprise_id, shortcut, language_code)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX saved_reply_by_id ON saved_reply (enterprise_id, id);
`;
