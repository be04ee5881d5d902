/**
 * What announces a property's log to its clients, as PostgreSQL has it. An id of a delivery is unique by what it is: an
 * index that says so would have to look into every partition.
 */
export const eventsPostgres = `
  -- What clients hear of, in the order of the log.
  CREATE INDEX property_log_events ON property_log (enterprise_id, client_id, created) WHERE kind <> 'ThreadAdded';
  CREATE INDEX integration_of_enterprise ON integration_enterprise (enterprise_id, integration_id);
  ALTER TABLE installation ADD COLUMN secret_key_check BYTEA;

  CREATE TABLE webhook_endpoint (
    id UUID PRIMARY KEY,
    client_id UUID NOT NULL REFERENCES client (id),
    kind TEXT NOT NULL CHECK (kind IN ('general', 'integration')),
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    secret BYTEA NOT NULL,
    old_secret BYTEA,
    old_secret_expires BIGINT,
    is_enabled BOOLEAN NOT NULL,
    disabled_reason TEXT,
    -- The first failure since the last success.
    failing_since BIGINT,
    leased_until BIGINT NOT NULL,
    lease_holder TEXT,
    created BIGINT NOT NULL,
    UNIQUE (client_id, kind)
  );

  -- How far each integration's events at a property have been put into deliveries, and since when more of them wait.
  CREATE TABLE webhook_queue (
    enterprise_id UUID NOT NULL,
    webhook_endpoint_id UUID NOT NULL REFERENCES webhook_endpoint (id),
    integration_id UUID NOT NULL,
    position BIGINT NOT NULL,
    waiting_since BIGINT,
    PRIMARY KEY (enterprise_id, webhook_endpoint_id, integration_id)
  ) PARTITION BY HASH (enterprise_id);
  CREATE INDEX webhook_queue_waiting ON webhook_queue (webhook_endpoint_id, waiting_since)
    WHERE waiting_since IS NOT NULL;

  -- One request to an endpoint, the same at every attempt; its id is the webhook-id.
  CREATE TABLE webhook_delivery (
    enterprise_id UUID NOT NULL,
    id UUID NOT NULL,
    webhook_endpoint_id UUID NOT NULL REFERENCES webhook_endpoint (id),
    integration_id UUID NOT NULL,
    created BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
    due BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    -- Since it was made or sent again by hand: the place in the schedule.
    failures INTEGER NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (enterprise_id, id)
  ) PARTITION BY HASH (enterprise_id);
  CREATE INDEX webhook_delivery_by_id ON webhook_delivery (id);
  CREATE INDEX webhook_delivery_by_age ON webhook_delivery (created, id);
  CREATE INDEX webhook_delivery_waiting ON webhook_delivery (webhook_endpoint_id, due) WHERE state = 'waiting';
  CREATE INDEX webhook_delivery_failed ON webhook_delivery (created, id) WHERE state = 'failed';
  CREATE INDEX webhook_delivery_delivered ON webhook_delivery (created) WHERE state = 'delivered';

  CREATE TABLE webhook_attempt (
    enterprise_id UUID NOT NULL,
    webhook_delivery_id UUID NOT NULL,
    number INTEGER NOT NULL,
    started BIGINT NOT NULL,
    latency BIGINT NOT NULL,
    status INTEGER,
    error TEXT,
    request_headers TEXT NOT NULL,
    response_headers TEXT,
    response_body TEXT,
    PRIMARY KEY (enterprise_id, webhook_delivery_id, number),
    FOREIGN KEY (enterprise_id, webhook_delivery_id) REFERENCES webhook_delivery (enterprise_id, id) ON DELETE CASCADE
  ) PARTITION BY HASH (enterprise_id);
`;
