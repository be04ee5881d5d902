import type { Store } from "../../store/store.ts";

/** How long somebody counts as looking at a thread after their page said so last, in milliseconds. */
const patience = 30_000;

/** How often to remove those who do not count any more, in milliseconds. */
const sweepInterval = 5000;

/** Somebody has a thread open in a page, which may be connected to another node. */
export interface Looking {
  readonly userId: string;
  readonly enterpriseId: string;
  readonly messageThreadId: string;
  readonly isTyping: boolean;
}

/** Who looks at what. It is kept in memory alone: pages say it again and again while somebody looks. */
export interface Presence {
  /** `undefined` when the person looks at no thread. */
  set(userId: string, looking: Omit<Looking, "userId"> | undefined): void;
  at(enterpriseIds: readonly string[]): Looking[];
  onChange(listener: () => void): void;
  stop(): void;
}

interface Known {
  readonly looking: Looking;
  readonly until: number;
}

/** Each node broadcasts what its pages say, so that all nodes know it. */
export function presence(store: Pick<Store, "broadcast" | "onBroadcast">): Presence {
  const people = new Map<string, Known>();
  const listeners: (() => void)[] = [];

  function changed(): void {
    for (const listener of listeners) listener();
  }

  function setLooking(userId: string, looking: Looking | undefined): void {
    const before = people.get(userId)?.looking;
    if (looking) people.set(userId, { looking, until: performance.now() + patience });
    else people.delete(userId);
    const isSame = before?.messageThreadId === looking?.messageThreadId && before?.isTyping === looking?.isTyping;
    if (!isSame) changed();
  }

  function sweep(): void {
    const now = performance.now();
    const over = [...people].filter(([, { until }]) => until <= now);
    for (const [userId] of over) people.delete(userId);
    if (over.length > 0) changed();
  }

  store.onBroadcast((message) => {
    const { presence } = message as { readonly presence?: { readonly userId: string; readonly looking?: Looking } };
    if (presence) setLooking(presence.userId, presence.looking);
  });
  const timer = setInterval(sweep, sweepInterval).unref();

  return {
    set: (userId, place) => {
      const looking = place && { userId, ...place };
      setLooking(userId, looking);
      store.broadcast({ presence: looking ? { userId, looking } : { userId } });
    },
    at: (enterpriseIds) =>
      [...people.values()].map(({ looking }) => looking).filter((one) => enterpriseIds.includes(one.enterpriseId)),
    onChange: (listener) => listeners.push(listener),
    stop: () => clearInterval(timer),
  };
}
