/**
 * How signing in is kept from strangers. `staff_throttle` counts wrong tries by keyed digests of what they are counted
 * by (an e-mail address and a network, a device, …), so that it holds no address that somebody has only typed;
 * `expires` is when a row means nothing any more. `staff_device` has the browsers in which a person has signed in. A
 * link knows its maker, with whose rights it ends; one without was made on the command line, or by an older version.
 * `failures` and `failed` of `staff_user` are used by older versions alone.
 */
export const signIn = `
  CREATE TABLE staff_throttle (
    digest BLOB PRIMARY KEY,
    failures INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    expires INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX staff_throttle_by_age ON staff_throttle (expires);

  CREATE TABLE staff_device (
    user_id TEXT NOT NULL REFERENCES staff_user (id),
    digest BLOB NOT NULL,
    created INTEGER NOT NULL,
    last_used INTEGER NOT NULL,
    PRIMARY KEY (digest, user_id)
  ) STRICT;
  CREATE INDEX staff_device_of_user ON staff_device (user_id, last_used);
  CREATE INDEX staff_device_by_use ON staff_device (last_used);

  ALTER TABLE staff_link ADD COLUMN maker_id TEXT REFERENCES staff_user (id);
`;

export const signInPostgres = signIn
  .replaceAll(" STRICT", "")
  .replaceAll("BLOB", "BYTEA")
  .replaceAll("_id TEXT", "_id UUID")
  .replaceAll(/(failed|expires|created|last_used) INTEGER/g, "$1 BIGINT");
