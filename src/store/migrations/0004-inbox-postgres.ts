import { nilIdentifier } from "../../core/identifiers.ts";

/** What the property's own people work with, as PostgreSQL has it. */
export const inboxPostgres = `
  -- Whoever writes locks a row of property first: when this is granted, nobody is in the middle of anything.
  LOCK TABLE property IN EXCLUSIVE MODE;
  LOCK TABLE property_log, message_thread, message, enterprise IN ACCESS EXCLUSIVE MODE;

  ALTER TABLE enterprise ADD COLUMN reply_target_minutes INTEGER NOT NULL DEFAULT 15;

  CREATE TABLE staff_user (
    id UUID PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT,
    is_owner BOOLEAN NOT NULL,
    is_enabled BOOLEAN NOT NULL,
    preferences TEXT NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    failed BIGINT NOT NULL DEFAULT 0,
    created BIGINT NOT NULL
  );
  CREATE INDEX staff_user_owner ON staff_user (id) WHERE is_owner;

  CREATE TABLE staff_membership (
    user_id UUID NOT NULL REFERENCES staff_user (id),
    enterprise_id UUID NOT NULL REFERENCES enterprise (id),
    role TEXT NOT NULL CHECK (role IN ('Agent', 'Manager')),
    created BIGINT NOT NULL,
    PRIMARY KEY (user_id, enterprise_id)
  );
  CREATE INDEX staff_membership_of_enterprise ON staff_membership (enterprise_id, user_id);

  CREATE TABLE staff_session (
    id UUID PRIMARY KEY,
    digest BYTEA NOT NULL UNIQUE,
    user_id UUID NOT NULL REFERENCES staff_user (id),
    user_agent TEXT NOT NULL,
    address TEXT NOT NULL,
    created BIGINT NOT NULL,
    last_used BIGINT NOT NULL
  );
  CREATE INDEX staff_session_of_user ON staff_session (user_id, created);
  CREATE INDEX staff_session_by_use ON staff_session (last_used);

  CREATE TABLE staff_link (
    digest BYTEA PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('FirstOwner', 'Invitation', 'Reset')),
    user_id UUID REFERENCES staff_user (id),
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL
  );
  CREATE INDEX staff_link_of_user ON staff_link (user_id);
  CREATE INDEX staff_link_by_age ON staff_link (expires);

  ALTER TABLE message_thread
    ADD COLUMN assignee_id UUID NOT NULL DEFAULT '${nilIdentifier}',
    ADD COLUMN waiting_since BIGINT,
    ADD COLUMN last_words TEXT,
    ADD COLUMN last_sender TEXT,
    ADD COLUMN last_user_id UUID,
    ADD COLUMN last_position BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN counted INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN summarized BIGINT NOT NULL DEFAULT 0;
  CREATE INDEX message_thread_awaiting ON message_thread (enterprise_id, waiting_since) WHERE waiting_since IS NOT NULL;
  CREATE INDEX message_thread_by_state ON message_thread (enterprise_id, is_resolved, updated);
  CREATE INDEX message_thread_open_by_assignee ON message_thread (enterprise_id, assignee_id, updated)
    WHERE NOT is_resolved;
  CREATE INDEX message_thread_unsummarized ON message_thread (enterprise_id, created) WHERE summarized <> updated;

  ALTER TABLE message ADD COLUMN user_id UUID;

  -- Stricter before, so that no row needs to be looked at.
  ALTER TABLE property_log DROP CONSTRAINT property_log_kind_check;
  ALTER TABLE property_log ADD CONSTRAINT property_log_kind_check CHECK (
    kind IN ('ThreadAdded', 'MessageAdded', 'ThreadResolved', 'ThreadReopened', 'NoteAdded', 'ThreadAssigned')
  ) NOT VALID;
  ALTER TABLE property_log ADD COLUMN user_id UUID, ADD COLUMN assignee_id UUID;
  CREATE INDEX property_log_of_thread ON property_log (enterprise_id, message_thread_id, created)
    WHERE kind <> 'ThreadAdded' AND kind <> 'MessageAdded';

  CREATE TABLE note (
    enterprise_id UUID NOT NULL,
    id UUID NOT NULL,
    message_thread_id UUID NOT NULL,
    user_id UUID NOT NULL,
    created BIGINT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (enterprise_id, id)
  ) PARTITION BY HASH (enterprise_id);

  CREATE TABLE inbox_count (
    enterprise_id UUID NOT NULL,
    assignee_id UUID NOT NULL,
    open_threads BIGINT NOT NULL,
    awaiting_threads BIGINT NOT NULL,
    resolved_threads BIGINT NOT NULL,
    PRIMARY KEY (enterprise_id, assignee_id)
  ) PARTITION BY HASH (enterprise_id);

  CREATE TABLE thread_reading (
    enterprise_id UUID NOT NULL,
    message_thread_id UUID NOT NULL,
    user_id UUID NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (enterprise_id, message_thread_id, user_id)
  ) PARTITION BY HASH (enterprise_id);

  CREATE TABLE draft (
    enterprise_id UUID NOT NULL,
    message_thread_id UUID NOT NULL,
    user_id UUID NOT NULL,
    text TEXT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (enterprise_id, message_thread_id, user_id)
  ) PARTITION BY HASH (enterprise_id);

  CREATE TABLE saved_reply (
    enterprise_id UUID NOT NULL,
    shortcut TEXT COLLATE "C" NOT NULL,
    language_code TEXT COLLATE "C" NOT NULL,
    id UUID NOT NULL,
    text TEXT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (enterprise_id, shortcut, language_code)
  ) PARTITION BY HASH (enterprise_id);
  CREATE UNIQUE INDEX saved_reply_by_id ON saved_reply (enterprise_id, id);
`;
