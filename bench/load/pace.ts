/** Begins a number of things at a steady rate, whatever becomes of those before, and waits for all of them. */
export async function paced<T>(total: number, perSecond: number, begin: (index: number) => Promise<T>): Promise<T[]> {
  const begun: Promise<T>[] = [];
  const start = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(total, ((performance.now() - start) / 1000) * perSecond);
      while (begun.length < due) begun.push(begin(begun.length));
      if (begun.length < total) return;
      clearInterval(timer);
      resolve();
    }, 2);
  });
  return Promise.all(begun);
}
