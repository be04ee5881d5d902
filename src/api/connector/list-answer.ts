import { Readable } from "node:stream";
import { invalid } from "../../core/problem.ts";
import type { Limitation } from "../../protocol/values.ts";
import { lastIdentifier, type Page, type Place } from "../../store/lists/newest-first.ts";
import type { Answer } from "../operation.ts";

/** How many items of a list without `Limitation` are in memory at once: few, since many such lists may be under way. */
const pieceItems = 200;

/** One kind of items that can be listed, newest first. */
export interface List {
  /** The field of the answer that holds the items. */
  readonly field: string;
  /** What the items are called in a sentence, as in "message thread". */
  readonly item: string;
  /** Where the caller's item with this id stands, whatever the filters are; `undefined` when there is none. */
  readonly placeOf: (id: string) => Promise<Place | undefined>;
  readonly page: (before: Place | undefined, limit: number) => Promise<Page>;
}

/**
 * A page when there is a `Limitation`, otherwise every match, in pieces that are read as the client takes them
 * (contract, section 3).
 * @throws Problem (invalid) for a cursor that is none of the caller's items
 */
export async function listAnswer(list: List, limitation: Limitation | null | undefined): Promise<Answer> {
  if (limitation) return onePage(list, limitation);
  const first = await list.page(undefined, pieceItems);
  const head = Buffer.from(`{"${list.field}":[`);
  if (first.count < pieceItems) {
    return { body: whole(head, first.documents, Buffer.from("]}")), isEmptyList: first.count === 0 };
  }
  return { body: Readable.from(everything(list, head, first), { objectMode: false }) };
}

async function onePage(list: List, { Count, Cursor }: Limitation): Promise<Answer> {
  const before = Cursor ? await list.placeOf(Cursor.toLowerCase()) : undefined;
  if (Cursor && !before) throw invalid(`Limitation.Cursor is not the id of one of your ${list.item}s.`);
  const page = await list.page(before, Count);
  const tail = `],"Cursor":${JSON.stringify(page.count === 0 ? null : lastIdentifier(page))}}`;
  return {
    body: whole(Buffer.from(`{"${list.field}":[`), page.documents, Buffer.from(tail)),
    isEmptyList: page.count === 0,
  };
}

/**
 * In bytes. Node sends a string together with the headers, in one write. A longer body is sent as a Buffer: encoding
 * the string would cost more than a second write.
 */
const longestString = 32_768;

function whole(...parts: Buffer[]): string | Buffer {
  const body = Buffer.concat(parts);
  return body.length > longestString ? body : body.toString("utf8");
}

/** Each piece starts after the last item of the one before, so no snapshot is held while a client reads slowly. */
async function* everything(list: List, head: Buffer, first: Page): AsyncGenerator<Buffer> {
  yield head;
  yield first.documents;
  let page = first;
  while (page.count === pieceItems) {
    const id = lastIdentifier(page);
    const place = await list.placeOf(id);
    if (!place) throw new Error(`The ${list.item} ${id} that a piece of a list ended with is not there.`);
    page = await list.page(place, pieceItems);
    if (page.count > 0) yield Buffer.concat([Buffer.from(","), page.documents]);
  }
  yield Buffer.from("]}");
}
