import type { Rule } from "./rule.ts";
import { clientName } from "./rules/client-name.ts";
import { deduplication } from "./rules/deduplication.ts";
import { intervals } from "./rules/intervals.ts";
import { limits } from "./rules/limits.ts";
import { paging } from "./rules/paging.ts";
import { polling } from "./rules/polling.ts";
import { repeatedErrors } from "./rules/repeated-errors.ts";
import { retryAfter } from "./rules/retry-after.ts";
import { safeRepeats } from "./rules/safe-repeats.ts";
import { webhookAnswers } from "./rules/webhook-answers.ts";

/** Everything that is graded, in the order of reports. */
export const rules: readonly Rule[] = [
  clientName,
  limits,
  retryAfter,
  polling,
  webhookAnswers,
  deduplication,
  safeRepeats,
  paging,
  repeatedErrors,
  intervals,
];
