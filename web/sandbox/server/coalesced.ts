/** Runs `work`. Calls that come while it runs share one more run after it. */
export function coalesced(work: () => Promise<unknown>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let isAsked = false;

  async function untilNobodyAsks(): Promise<void> {
    try {
      while (isAsked) {
        isAsked = false;
        await work();
      }
    } finally {
      running = undefined;
    }
  }

  return () => {
    isAsked = true;
    running ??= untilNobodyAsks();
    return running;
  };
}
