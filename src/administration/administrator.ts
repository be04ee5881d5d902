import type { Clock } from "../core/clock.ts";
import type { IdentifierSource } from "../core/identifiers.ts";
import type { SecretBox } from "../core/secret-box.ts";
import type { ReadWriter } from "../store/db.ts";

/** What changes of the operator's records need, whether a command or an owner's request makes them. */
export interface Administrator {
  readonly db: ReadWriter;
  readonly clock: Clock;
  readonly newIdentifier: IdentifierSource;
  /** Opens the key when it is first called, since most changes need no secret. */
  readonly secretBox: () => Promise<SecretBox>;
}
