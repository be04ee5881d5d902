import { unavailable } from "./problem.ts";

/** Hands out the right to compute a password's hash, which costs 19 MiB and a thread while it lasts. */
export interface Turns {
  /**
   * Waits for a turn, and works.
   * @throws Problem (unavailable) when too many wait already; then the work was never begun
   */
  take<T>(caller: TurnCaller, work: () => Promise<T>): Promise<T>;
}

/** A caller who wants a turn. */
export interface TurnCaller {
  /** Whether the server has reason to trust the caller. Known callers are served before all strangers. */
  readonly isKnown: boolean;
  /** What shares one place in the order: a network, a device or a session. */
  readonly group: string;
}

export interface TurnLimits {
  /** How many work at the same time. */
  readonly atOnce: number;
  /** How many known callers, and how many strangers, may wait. */
  readonly waiting: number;
}

/** Two at once leave threads for files and names; fifty of each kind wait for a few seconds at most. */
export const passwordTurnLimits: TurnLimits = { atOnce: 2, waiting: 50 };

export function turns({ atOnce, waiting }: TurnLimits): Turns {
  const known = waitingRoom(waiting);
  const strangers = waitingRoom(waiting);
  let underWay = 0;
  return {
    take: async (caller, work) => {
      if (underWay < atOnce) underWay += 1;
      // A caller that is done passes its place on, so that `underWay` stays as it is.
      else await (caller.isKnown ? known : strangers).wait(caller.group);
      try {
        return await work();
      } finally {
        const next = known.next() ?? strangers.next();
        if (next) next();
        else underWay -= 1;
      }
    },
  };
}

interface Waiting {
  readonly admit: () => void;
  readonly refuse: (error: Error) => void;
}

/** Callers who wait, by group. The groups take turns, and when all places are taken they are shared out evenly. */
function waitingRoom(places: number) {
  /** In the order in which the groups have their turns. No group is empty. */
  const groups = new Map<string, Waiting[]>();
  let taken = 0;

  function largestGroup(): Waiting[] {
    let largest: Waiting[] = [];
    for (const group of groups.values()) if (group.length > largest.length) largest = group;
    return largest;
  }

  /** @throws Problem (unavailable) when no group has so many places that it can spare one */
  function makeRoom(own: number): void {
    const largest = largestGroup();
    if (largest.length <= own + 1) throw tooManyWait();
    largest.pop()?.refuse(tooManyWait());
    taken -= 1;
  }

  return {
    wait: (group: string): Promise<void> =>
      new Promise((admit, refuse) => {
        const own = groups.get(group) ?? [];
        if (taken >= places) makeRoom(own.length);
        own.push({ admit, refuse });
        groups.set(group, own);
        taken += 1;
      }),
    /** Takes the next caller out of the room, and moves the caller's group to the end. */
    next: (): (() => void) | undefined => {
      const [first] = groups;
      if (!first) return undefined;
      const [name, group] = first;
      const next = group.shift();
      groups.delete(name);
      if (group.length > 0) groups.set(name, group);
      taken -= 1;
      return next?.admit;
    },
  };
}

function tooManyWait(): Error {
  return unavailable("Too many people are signing in right now; try again.");
}
