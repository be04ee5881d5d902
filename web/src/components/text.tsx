import { useMemo, useState } from "preact/hooks";
import { number } from "../format.ts";
import { linked } from "../links.ts";
import { beginning } from "../plain-text.ts";
import { useWords } from "../words.ts";

/** A text that is longer is folded, in characters and in lines. */
const longText = 3000;
const manyLines = 40;
const foldedText = 1200;
const foldedLines = 16;

/** Something that a guest gave, on one line, which turns around nothing that stands beside it. */
export function GuestText({ text, class: className }: { readonly text: string; readonly class?: string }) {
  return (
    <bdi class={`guest-text ${className ?? ""}`} dir="auto">
      {text}
    </bdi>
  );
}

/** The text of a message exactly as it was sent, with its web addresses to be followed. */
export function MessageText({ text }: { readonly text: string }) {
  const words = useWords();
  const [isUnfolded, setUnfolded] = useState(false);
  const folded = useMemo(() => foldedTo(text), [text]);
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

/** The beginning of a long text; undefined for one that is not. */
function foldedTo(text: string): string | undefined {
  const lines = text.split("\n", manyLines + 1);
  if (text.length <= longText && lines.length <= manyLines) return undefined;
  return beginning(lines.slice(0, foldedLines).join("\n"), foldedText);
}
