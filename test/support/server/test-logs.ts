import type { RequestLog } from "../../../src/http/request-log.ts";

const nothing = () => undefined;

export const silentLog: RequestLog = { answered: nothing, attempted: nothing, failed: nothing, note: nothing };

/** A log that keeps everything, answered requests and failures alike. */
export function keptLog(): { readonly log: RequestLog; readonly logged: readonly unknown[] } {
  const logged: unknown[] = [];
  const log: RequestLog = {
    answered: (entry) => logged.push(entry),
    failed: (requestId, error) => logged.push({ requestId, error }),
    attempted: (entry) => logged.push(entry),
    note: (message) => logged.push(message),
  };
  return { log, logged };
}
