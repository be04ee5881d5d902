import { invalid } from "../../core/problem.ts";
import type { ClientScope } from "../../store/scope.ts";
import type { Caller } from "./authentication.ts";

/**
 * The caller's scope, narrowed to `EnterpriseIds` where they are given (contract, section 4).
 * @throws Problem (invalid) for an enterprise that the access token does not cover
 */
export function narrowedScope(caller: Caller, enterpriseIds: readonly string[] | null | undefined): ClientScope {
  if (!enterpriseIds) return caller.scope;
  const narrowed = enterpriseIds.map((id, index) => enterpriseOf(caller, id, `EnterpriseIds[${index}]`).id);
  return { clientId: caller.scope.clientId, enterpriseIds: [...new Set(narrowed)] };
}

/**
 * The enterprise that a request names, or the primary one.
 * @throws Problem (invalid) for an enterprise that the access token does not cover
 */
export function enterpriseOf(caller: Caller, id: string | null | undefined, field = "EnterpriseId") {
  if (!id) return caller.primaryEnterprise;
  const wanted = id.toLowerCase();
  const enterprise = caller.enterprises.find((candidate) => candidate.id === wanted);
  if (!enterprise) throw invalid(`${field} is not an enterprise that your access token covers.`);
  return enterprise;
}

/** Identifiers as they are stored: requests may have them in any letter case. */
export function lowerCase(ids: readonly string[] | null | undefined): string[] | undefined {
  return ids?.map((id) => id.toLowerCase());
}
