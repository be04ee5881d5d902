import { useEffect, useRef } from "preact/hooks";
import type { SearchResult } from "../../../src/protocol/staff/search.ts";
import { useCell } from "../../shared/cell.ts";
import { Icon } from "../../shared/icons.tsx";
import { openThread } from "../actions.ts";
import { now } from "../clock.ts";
import { shortTime } from "../format.ts";
import { Dot } from "../list/avatar.tsx";
import { Empty } from "../list/empty.tsx";
import { threadChanges, threadOf } from "../list/threads.ts";
import { place } from "../place.ts";
import { propertyOf, useMe } from "../session/session.ts";
import { GuestText } from "../thread/text.tsx";
import { useWords } from "../words/words.ts";
import { lookFor, search } from "./search.ts";

/** What a search found, or how one can search. */
export function SearchResults() {
  const words = useWords();
  const { state, query, results, isComplete, active } = useCell(search);
  const openId = useCell(place, ({ threadId }) => threadId);
  useCell(threadChanges);
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => {
    document.getElementById(`result-${active}`)?.scrollIntoView({ block: "nearest" });
  }, [active]);

  if (state === "hints") return <Hints />;
  if (state === "failed") {
    return (
      <Empty icon="warning" title={words.failedSearch} action={{ label: words.retry, run: () => lookFor(query) }} />
    );
  }
  if (state === "found" && results.length === 0) {
    return <Empty icon="search" title={words.searchNothing} {...(!isComplete && { hint: words.searchIncomplete })} />;
  }
  return (
    <div class="results">
      <p class="results-line" role="status">
        {state === "searching" ? words.searching : words.searchResults(results.length)}
        {state === "found" && !isComplete && <span class="results-incomplete"> {words.searchIncomplete}</span>}
      </p>
      {results.length > 0 && (
        <div ref={list} id="search-results" class="results-list" role="listbox" aria-label={words.search} tabIndex={0}>
          {results.map((result, index) => (
            <Result
              key={result.Thread.Id + (result.Item?.Id ?? "")}
              result={result}
              index={index}
              isActive={index === active}
              isOpen={result.Thread.Id === openId}
            />
          ))}
        </div>
      )}
    </div>
  );
}

interface ResultProps {
  readonly result: SearchResult;
  readonly index: number;
  readonly isActive: boolean;
  readonly isOpen: boolean;
}

function Result({ result: { Thread, Item, Excerpt }, index, isActive, isOpen }: ResultProps) {
  const words = useWords();
  const time = useCell(now);
  const signedIn = useMe();
  const property = propertyOf(Thread.EnterpriseId);
  const isResolved = (threadOf(Thread.Id) ?? Thread).IsResolved;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the search field.
    <div
      id={`result-${index}`}
      class={`row result ${isActive ? "row-selected" : ""} ${isOpen ? "row-open" : ""}`}
      role="option"
      aria-selected={isActive}
      tabIndex={-1}
      onClick={() => {
        search.update((known) => ({ ...known, active: index }));
        openThread(Thread.Id, Item?.Id);
      }}
    >
      <span class="row-mark" />
      <span class="row-sender">
        <GuestText text={Thread.OriginalSender} />
      </span>
      <span class="row-when">
        <time dateTime={Item?.CreatedUtc ?? Thread.UpdatedUtc}>
          {shortTime(Item?.CreatedUtc ?? Thread.UpdatedUtc, property?.TimeZoneIdentifier, time)}
        </time>
      </span>
      <span class="row-subject">
        <GuestText text={Thread.Subject || words.noSubject} />
      </span>
      <span class="row-words result-excerpt">
        <bdi dir="auto">
          {Excerpt.map(({ Text, IsMatch }, part) => (IsMatch ? <mark key={part}>{Text}</mark> : Text))}
        </bdi>
      </span>
      <span class="row-end">
        {signedIn.Properties.length > 1 && (
          <span class="row-property">
            <Dot id={Thread.EnterpriseId} />
            {property?.Name}
          </span>
        )}
        {isResolved && (
          <span class="row-resolved">
            <Icon name="check" size={15} />
            <span class="visually-hidden">{words.resolved}</span>
          </span>
        )}
      </span>
    </div>
  );
}

function Hints() {
  const words = useWords();
  return (
    <div class="hints">
      <h2 class="nav-label">{words.searchHint}</h2>
      <ul>
        {Object.entries(words.searchHints).map(([filter, meaning]) => (
          <li key={filter}>
            <button type="button" class="hint" onClick={() => fill(filter)}>
              <code>{filter}</code>
              <span>{meaning}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function fill(filter: string): void {
  const { query } = search.get();
  lookFor(`${query.trimEnd()}${query.trim() ? " " : ""}${filter}${filter.endsWith(":") ? "" : " "}`);
  document.querySelector<HTMLInputElement>(".search-field input")?.focus();
}
