/** Resolves when it is the caller's turn. */
export type LoopTurn = () => Promise<void>;

/**
 * Shares the event loop among those who have much to do: at most `perTurn` go on in each turn of the loop, in the order in
 * which they asked, and everybody else's small requests are served in between.
 */
export function loopTurns(perTurn: number): LoopTurn {
  const waiting: (() => void)[] = [];
  let isScheduled = false;

  function next(): void {
    for (const resume of waiting.splice(0, perTurn)) resume();
    isScheduled = waiting.length > 0;
    if (isScheduled) setImmediate(next);
  }

  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (!isScheduled) setImmediate(next);
      isScheduled = true;
    });
}
