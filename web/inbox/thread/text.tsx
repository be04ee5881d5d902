import { useMemo, useState } from "preact/hooks";
import { number } from "../format.ts";
import { currentWords } from "../words/words.ts";
import { linked } from "./links.ts";
import { foldedBeginning } from "./long-text.ts";
import "./text.css";

/** A guest's words on one line. Their writing direction does not affect the text beside them. */
export function GuestText({ text, class: className }: { readonly text: string; readonly class?: string }) {
  return (
    <bdi class={`guest-text ${className ?? ""}`} dir="auto">
      {text}
    </bdi>
  );
}

/** The text of a message exactly as it was sent, with links for its web addresses. */
export function MessageText({ text }: { readonly text: string }) {
  const words = currentWords();
  const [isUnfolded, setUnfolded] = useState(false);
  const folded = useMemo(() => foldedBeginning(text), [text]);
  const shown = isUnfolded || folded === undefined ? text : folded;
  const parts = useMemo(() => linked(shown), [shown]);
  return (
    <>
      <div class="message-text" dir="auto">
        {parts.map((part) =>
          part.href === undefined ? (
            part.text
          ) : (
            <>
              <a href={part.href} target="_blank" rel="noopener noreferrer nofollow" dir="ltr">
                {part.text}
              </a>
              {part.host !== undefined && <span class="link-host"> ({words.leadsTo(part.host)})</span>}
            </>
          ),
        )}
        {folded !== undefined && !isUnfolded && "…"}
      </div>
      {folded !== undefined && (
        <button type="button" class="text-button" onClick={() => setUnfolded(!isUnfolded)} aria-expanded={isUnfolded}>
          {isUnfolded ? words.showLess : words.showAll(number([...text].length))}
        </button>
      )}
    </>
  );
}
