import type { Clock } from "../core/clock.ts";
import type { IdentifierSource } from "../core/identifiers.ts";
import type { SecretBox } from "../core/secret-box.ts";
import type { ReadWriter } from "../store/db.ts";

/** What the operator's records are kept with, be it by commands or over HTTP by an owner. */
export interface Administrator {
  readonly db: ReadWriter;
  readonly clock: Clock;
  readonly newIdentifier: IdentifierSource;
  /** Opened only when it is needed. */
  readonly secretBox: () => Promise<SecretBox>;
}
