import { useEffect, useRef } from "preact/hooks";
import type { SearchResult } from "../../../src/protocol/staff/search.ts";
import { openThread } from "../actions.ts";
import { now } from "../clock.ts";
import { shortTime } from "../format.ts";
import { Empty } from "../list/empty.tsx";
import { Row, RowProperty, RowResolved, showsProperty } from "../list/row.tsx";
import { threadOf } from "../list/threads.ts";
import { openThreadId } from "../place.ts";
import { propertyOf } from "../session/session.ts";
import { currentWords } from "../words/words.ts";
import { lookFor, search } from "./search.ts";
import "./search-results.css";

/** The results of a search, or hints before there is one. */
export function SearchResults() {
  const words = currentWords();
  const { state, query, results, isComplete, active } = search.value;
  const openId = openThreadId.value;
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
  const zone = propertyOf(Thread.EnterpriseId)?.TimeZoneIdentifier;
  const time = Item?.CreatedUtc ?? Thread.UpdatedUtc;
  const isResolved = (threadOf(Thread.Id) ?? Thread).IsResolved;
  return (
    <Row
      id={`result-${index}`}
      class="result"
      thread={Thread}
      isSelected={isActive}
      isOpen={isOpen}
      when={<time dateTime={time}>{shortTime(time, zone, now.value)}</time>}
      words={
        <span class="row-words result-excerpt">
          <bdi dir="auto">
            {Excerpt.map(({ Text, IsMatch }, part) => (IsMatch ? <mark key={part}>{Text}</mark> : Text))}
          </bdi>
        </span>
      }
      end={
        <>
          {showsProperty() && <RowProperty id={Thread.EnterpriseId} />}
          {isResolved && <RowResolved />}
        </>
      }
      onClick={() => {
        search.value = { ...search.value, active: index };
        openThread(Thread.Id, Item?.Id);
      }}
    />
  );
}

function Hints() {
  const words = currentWords();
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
  const { query } = search.value;
  lookFor(`${query.trimEnd()}${query.trim() ? " " : ""}${filter}${filter.endsWith(":") ? "" : " "}`);
  document.querySelector<HTMLInputElement>(".search-field input")?.focus();
}
