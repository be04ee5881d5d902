import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type Type from "typebox";
import type { Clock, Microseconds } from "../../core/clock.ts";
import { Problem } from "../../core/problem.ts";
import { tokenDigest } from "../../core/tokens.ts";
import type { Credentials } from "../../protocol/values.ts";
import type { Reader } from "../../store/db.ts";
import { directoryVersion, enterprisesOf, findAccess, type LinkedEnterpriseRow } from "../../store/directory/access.ts";
import type { ClientScope } from "../../store/scope.ts";

/** Who asks, and for which enterprises: from here on, the tokens themselves are not needed (contract, section 4). */
export interface Caller {
  /** Stands for the access token where requests are counted. */
  readonly tokenKey: string;
  readonly scope: ClientScope;
  readonly enterprises: readonly LinkedEnterpriseRow[];
  readonly primaryEnterprise: LinkedEnterpriseRow;
  readonly expires: Microseconds | null;
}

/** @throws Problem (unauthenticated), the same one whatever is wrong with the tokens */
export type Authenticate = (credentials: Type.Static<typeof Credentials>) => Promise<Caller>;

/**
 * How many callers are remembered. All are forgotten when any record of clients, enterprises, integrations or tokens
 * changes. When there are too many, the caller whose last request is the oldest is forgotten.
 */
const defaultRemembered = 10_000;

export function authentication(reader: Reader, clock: Clock, maxRemembered = defaultRemembered): Authenticate {
  const callers = new LRUCache<string, Caller>({ max: maxRemembered });
  let rememberedVersion = -1;
  let currentVersion: Promise<number> | undefined;

  /**
   * The version of the records, read once for all requests that one turn of the event loop brings. These requests go on
   * together, and their answers are sent together: the callers' machines wake up once and not for each.
   */
  function version(): Promise<number> {
    currentVersion ??= new Promise((resolve) => {
      setImmediate(() => {
        currentVersion = undefined;
        resolve(directoryVersion(reader));
      });
    });
    return currentVersion;
  }

  return async ({ ClientToken, AccessToken }) => {
    const now = await version();
    if (now !== rememberedVersion) {
      callers.clear();
      rememberedVersion = now;
    }
    const tokenKey = hash("sha256", `${ClientToken}\n${AccessToken}`, "base64");
    const caller = callers.get(tokenKey) ?? (await findCaller(reader, tokenKey, ClientToken, AccessToken));
    if (!caller || (caller.expires !== null && caller.expires <= clock())) {
      throw new Problem("unauthenticated", "The client token or the access token is not valid.");
    }
    if (now === rememberedVersion) callers.set(tokenKey, caller);
    return caller;
  };
}

async function findCaller(
  reader: Reader,
  tokenKey: string,
  clientToken: string,
  accessToken: string,
): Promise<Caller | undefined> {
  const access = await findAccess(reader, tokenDigest(clientToken), tokenDigest(accessToken));
  if (!access?.client_is_enabled || !access.integration_is_enabled) return undefined;
  const enterprises = (await enterprisesOf(reader, access.integration_id)).filter(({ is_enabled }) => is_enabled === 1);
  const primaryEnterprise = enterprises.find(({ id }) => id === access.primary_enterprise_id);
  if (!primaryEnterprise) return undefined;
  return {
    tokenKey,
    scope: { clientId: access.client_id, enterpriseIds: enterprises.map(({ id }) => id) },
    enterprises,
    primaryEnterprise,
    expires: access.expires,
  };
}
