import { setImmediate } from "node:timers/promises";

/** How much may wait for a reader before nothing more is read for it, in bytes. */
const maxBacklog = 1024 * 1024;

/** Where a follower sends: the connection of one reader. */
export interface Outlet {
  isOpen(): boolean;
  /** How many bytes were sent that the reader has not taken. */
  backlog(): number;
  /** Resolves when the reader has taken all that was sent, or is gone. */
  taken(): Promise<unknown>;
  /** Ends the connection of a reader that has not taken so many bytes. */
  drop(bytes: number): void;
}

export interface FollowerParts {
  readonly outlet: Outlet;
  /** The properties that the reader may see at the moment. */
  readonly enterpriseIds: () => readonly string[];
  /** Reads what is new at some of them, after the reader's position, and sends it. @returns where more may be new */
  readonly sendNews: (enterpriseIds: readonly string[]) => Promise<readonly string[]>;
  /** Called when that failed: the reader must be made to come back, and goes on at its position then. */
  readonly failed: (error: unknown) => void;
  /** How long a reader may take to read a full backlog, in milliseconds. */
  readonly patience: number;
}

export interface LogFollower {
  /** Looks for what is new at these properties. A hint: calling it too often costs a look. */
  wake(enterpriseIds: Iterable<string>): void;
}

/**
 * Sends one reader every entry after its position, once and in the order of each property's log.
 *
 * 1. It catches up. At first all properties are new to it. It reads a page of entries after the position, sends them and
 *    moves the position behind them, as long as there is more.
 * 2. It waits. While no property has news, nothing is read.
 * 3. It streams. `wake` names properties with news, of which a page is read as before.
 *
 * There is no cutover from one phase to the next, as what was missed and what comes live are both read from the log after
 * the one position: no entry can come twice or be left out in between. A hint during a look brings one more look.
 *
 * While a reader has more to take than a full backlog, nothing is read for it; when it takes too long, it is dropped.
 */
export function logFollower({ outlet, enterpriseIds, sendNews, failed, patience }: FollowerParts): LogFollower {
  /** Where something may be new. In a large portfolio, these are few properties at a time. */
  const news = new Set<string>();
  let isReading = false;

  async function read(): Promise<void> {
    isReading = true;
    try {
      while (news.size > 0 && outlet.isOpen()) {
        const changed = enterpriseIds().filter((id) => news.has(id));
        news.clear();
        const unfinished = await sendNews(changed);
        for (const id of unfinished) news.add(id);
        if (outlet.backlog() > maxBacklog) await takenOrDropped(outlet, patience);
        // Other readers and requests have a turn, however much there is to catch up with.
        if (unfinished.length > 0) await setImmediate();
      }
    } finally {
      // No other code runs between the last look at `news` and here, so that no `wake` is left unread.
      isReading = false;
    }
  }

  return {
    wake: (enterpriseIds) => {
      for (const id of enterpriseIds) news.add(id);
      if (!isReading) read().catch(failed);
    },
  };
}

function takenOrDropped(outlet: Outlet, patience: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      outlet.drop(outlet.backlog());
      resolve();
    }, patience).unref();
    void outlet.taken().then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Writes a line into the log for each reader that was dropped. @param reader  what kind it is, as in "A WebSocket" */
export function slowReaderLog(note: (message: string) => void, reader: string): (whose: string, bytes: number) => void {
  let count = 0;
  return (whose, bytes) => {
    count += 1;
    note(`${reader} of ${whose} was ended: it had not taken ${bytes} bytes (${count} since the start).`);
  };
}
