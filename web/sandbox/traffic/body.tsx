import { piecesOf, prettyBody } from "./json-text.ts";
import "./body.css";

/** A body. JSON is indented and coloured. */
export function Body({ text }: { readonly text: string }) {
  return (
    <pre class="body">
      {piecesOf(prettyBody(text)).map(({ text: piece, kind }) =>
        kind ? <span class={`json-${kind}`}>{piece}</span> : piece,
      )}
    </pre>
  );
}
