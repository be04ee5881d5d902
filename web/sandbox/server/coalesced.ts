/** Does the work once for however many ask while it is being done, and once more for those. */
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
