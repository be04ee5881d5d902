/**
 * Since when no webhook is sent, whatever waits; `NULL` while they are sent. It is kept in the database, so that it
 * counts for every server on it, and no restart ends it by accident.
 */
export const webhookHold = `
  ALTER TABLE installation ADD COLUMN webhooks_held_since INTEGER;
`;

export const webhookHoldPostgres = webhookHold.replace("INTEGER", "BIGINT");
