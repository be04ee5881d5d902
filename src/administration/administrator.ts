import type { Clock } from "../clock.ts";
import type { IdentifierSource } from "../identifiers.ts";
import type { SecretBox } from "../secret-box.ts";
import type { Store } from "../store/store.ts";

/** What the operator's commands work with, be they typed or, one day, sent over HTTP. */
export interface Administrator {
  readonly store: Pick<Store, "db">;
  readonly clock: Clock;
  readonly newIdentifier: IdentifierSource;
  /** Opened only when it is needed. */
  readonly secretBox: () => Promise<SecretBox>;
}
