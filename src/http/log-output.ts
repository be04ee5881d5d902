import sonicBoom from "sonic-boom";

/** Where log lines go. Writing one never waits and never throws, whatever becomes of the pipe or the disk. */
export interface LogOutput {
  write(line: string): void;
  /** Resolves once every line is written that waits, or after so many milliseconds. */
  flushed(patience: number): Promise<void>;
  /**
   * Begins no further write.
   * @returns whether the operating system has carried out or refused the last one, after so many milliseconds at most
   */
  ended(patience: number): Promise<boolean>;
}

export interface LogOutputOptions {
  /** How many bytes of lines may wait. Further lines are lost, and counted. */
  readonly limit: number;
  /** How long to wait before a write that was refused is tried again, in milliseconds. */
  readonly retryPause?: number;
  readonly fileDescriptor?: number;
  /** Says how many lines were lost, and why, once there is room for a line again. */
  readonly lost: (lines: number, reason: string) => void;
}

const standardOutput = 1;

/**
 * Writes lines to a pipe, a file or a terminal in the background. A pipe that no program reads (EAGAIN, EPIPE) and a full
 * disk (ENOSPC) are alike: the lines wait in memory up to a limit, and are tried again until they are taken.
 */
export function logOutput({
  limit,
  lost,
  retryPause = 100,
  fileDescriptor = standardOutput,
}: LogOutputOptions): LogOutput {
  // The stream's own retry after EAGAIN would hold up the end of the process.
  const stream = new sonicBoom.SonicBoom({ fd: fileDescriptor, sync: false, retryEAGAIN: () => false });
  /** Bytes that were not written yet. */
  let waiting = 0;
  let lostLines = 0;
  let reason = "its reader is slow";
  let isUnderWay = false;
  let isRetrying = false;
  let isEnded = false;
  let whenFlushed: (() => void) | undefined;
  let whenAnswered: (() => void) | undefined;

  stream.on("write", (bytes) => {
    waiting -= bytes;
    if (waiting === 0) whenFlushed?.();
    // The loss is noted when half of the room is free: a note after every few lines would take the place of others.
    if (lostLines === 0 || waiting > limit / 2) return;
    const count = lostLines;
    lostLines = 0;
    lost(count, reason);
  });
  function answered(): void {
    isUnderWay = false;
    whenAnswered?.();
  }

  stream.on("drain", answered);
  stream.on("error", (error: NodeJS.ErrnoException) => {
    answered();
    reason = error.code ?? error.message;
    if (isRetrying) return;
    isRetrying = true;
    setTimeout(writeAgain, retryPause).unref();
  });

  function writeAgain(): void {
    isRetrying = false;
    if (isUnderWay || isEnded) return;
    isUnderWay = true;
    stream.write("");
  }

  return {
    write: (line) => {
      const bytes = Buffer.byteLength(line);
      if (isEnded) return;
      if (lostLines > 0 || waiting + bytes > limit) {
        lostLines += 1;
        return;
      }
      waiting += bytes;
      isUnderWay = true;
      stream.write(line);
    },
    flushed: (patience) =>
      atMost(patience, (resolve) => {
        if (waiting === 0) resolve();
        whenFlushed = resolve;
      }),
    ended: async (patience) => {
      isEnded = true;
      await atMost(patience, (resolve) => {
        if (!isUnderWay) resolve();
        whenAnswered = resolve;
      });
      return !isUnderWay;
    },
  };
}

/** Waits until `resolve` is called, or for so many milliseconds. */
function atMost(milliseconds: number, start: (resolve: () => void) => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  start(resolve);
  return promise.finally(() => clearTimeout(timer));
}
