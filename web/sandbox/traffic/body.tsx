import { piecesOf, prettyBody } from "./json-text.ts";

/** A body, set out and coloured where it is JSON. */
export function Body({ text }: { readonly text: string }) {
  return (
    <pre class="body">
      {piecesOf(prettyBody(text)).map(({ text: piece, kind }) =>
        kind ? <span class={`json-${kind}`}>{piece}</span> : piece,
      )}
    </pre>
  );
}
