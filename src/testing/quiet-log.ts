import type { RequestLog } from "../http/request-log.ts";

/** Says nothing but what went wrong in the sandbox itself. */
export function quietLog(): RequestLog {
  return {
    answered: () => undefined,
    attempted: () => undefined,
    failed: (_requestId, error) => process.emitWarning(error instanceof Error ? error : String(error)),
    note: () => undefined,
  };
}
