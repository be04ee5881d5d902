/** Bytes that come in pieces, in one block of memory. */
export interface GrowingBytes {
  /** How many there are. */
  readonly length: number;
  /**
   * Copies a piece, and gives its memory back where it has a block of its own.
   * @throws Error once they are freed
   */
  append(piece: Uint8Array): void;
  /** What there is so far. It is a view: `append` may move it. */
  view(): Buffer;
  /** Gives the memory back at once; garbage collection may be long in coming when little else happens. */
  free(): void;
}

const firstCapacity = 4096;

/**
 * Pieces are copied, since kept ones would take hundreds of bytes each, however small they are.
 * @param most  how many bytes there can be
 * @param grow  is called with the size of each increase before it is made, and may throw to refuse it
 */
export function growingBytes(most: number, grow: (bytes: number) => void): GrowingBytes {
  let block: ArrayBuffer = new ArrayBuffer(0);
  let length = 0;
  let isFreed = false;

  function makeRoom(needed: number): void {
    if (needed <= block.byteLength) return;
    const capacity = Math.min(Math.max(most, needed), Math.max(firstCapacity, 2 ** Math.ceil(Math.log2(needed))));
    grow(capacity - block.byteLength);
    // Without the zeros that a transfer to a larger block writes first.
    const larger = Buffer.allocUnsafeSlow(capacity);
    larger.set(new Uint8Array(block, 0, length));
    block.transfer(0);
    block = larger.buffer;
  }

  return {
    get length() {
      return length;
    },
    append: (piece) => {
      if (isFreed) throw new Error("These bytes have been freed.");
      makeRoom(length + piece.length);
      new Uint8Array(block).set(piece, length);
      length += piece.length;
      freePiece(piece);
    },
    view: () => Buffer.from(block, 0, length),
    free: () => {
      isFreed = true;
      // What was handed to another thread is gone already.
      if (!block.detached) block.transfer(0);
      block = new ArrayBuffer(0);
      length = 0;
    },
  };
}

/**
 * Gives the memory of a piece back that is used no more. A flood of large bodies would otherwise fill memory with
 * them until the next collection.
 */
export function freePiece({ buffer, length }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === length && length > 0) buffer.transfer(0);
}
