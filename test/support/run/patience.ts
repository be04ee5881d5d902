import type { PatienceOptions } from "../../../src/app.ts";

/** In milliseconds. */
export const tenMinutes = 600_000;

/**
 * What servers of tests wait for others: so long that no clock ends what a test holds open, however slow the machine is.
 * A test of such a limit sets its own.
 */
export const unhurried: PatienceOptions = {
  callTimeout: tenMinutes,
  workerPatience: { records: tenMinutes },
  socketPatience: { backlog: tenMinutes },
  lockPatience: tenMinutes,
  searchTime: tenMinutes,
};

/** How many times slower than usual the machine is, where somebody knows. */
export const slowness = Number(process.env.INNBOX_TEST_SLOWNESS ?? 1);

/** How long to wait for what must come before a test fails, in milliseconds: only for what can't be waited for itself. */
export const hangGuard = 120_000 * slowness;
