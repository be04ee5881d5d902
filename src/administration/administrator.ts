import type { Clock } from "../clock.ts";
import type { IdentifierSource } from "../identifiers.ts";
import type { SecretBox } from "../secret-box.ts";
import type { ReadWriter } from "../store/db.ts";

/** What the operator's records are kept with, be it by commands or over HTTP by an owner. */
export interface Administrator {
  readonly db: ReadWriter;
  readonly clock: Clock;
  readonly newIdentifier: IdentifierSource;
  /** Opened only when it is needed. */
  readonly secretBox: () => Promise<SecretBox>;
}
