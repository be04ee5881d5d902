import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../shared/icons.tsx";
import { show } from "../dialogs/open-dialog.ts";
import { number } from "../format.ts";
import { ConnectionLine } from "../live/connection-line.tsx";
import { place } from "../place.ts";
import { closeSearch, lookFor, openSearch, search } from "../search/search.ts";
import { SearchResults } from "../search/search-results.tsx";
import { propertyOf } from "../session/session.ts";
import { currentWords } from "../words/words.ts";
import { countOf, counts } from "./counts.ts";
import { ThreadList } from "./thread-list.tsx";

/** The list, or what was found. */
export function ListPane() {
  const words = currentWords();
  const { view, enterpriseId } = place.value;
  const { isOpen, query, state, results, active } = search.value;
  const total = countOf(counts.value, view, enterpriseId);
  const property = enterpriseId ? propertyOf(enterpriseId)?.Name : undefined;
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (isOpen) field.current?.focus();
    else if (document.activeElement === field.current) field.current?.blur();
  }, [isOpen]);

  const hasResults = isOpen && results.length > 0 && (state === "found" || state === "searching");
  return (
    <section class="list-pane" aria-label={words.threadsLabel}>
      <header class="list-header">
        <button type="button" class="icon-button menu-button" aria-label={words.menu} onClick={() => show("menu")}>
          <Icon name="menu" />
        </button>
        <div class="list-title">
          <h1>{words.views[view]}</h1>
          <p>
            {property ?? words.allProperties}
            {total !== undefined && ` · ${number(total)}`}
          </p>
        </div>
      </header>
      <div class="search-field">
        <Icon name="search" />
        <input
          ref={field}
          type="text"
          inputMode="search"
          enterKeyHint="search"
          value={query}
          placeholder={words.searchPlaceholder}
          aria-label={words.search}
          aria-controls={hasResults ? "search-results" : undefined}
          aria-activedescendant={hasResults ? `result-${active}` : undefined}
          role="combobox"
          aria-expanded={hasResults}
          aria-autocomplete="list"
          autocomplete="off"
          spellcheck={false}
          maxLength={500}
          onFocus={() => openSearch()}
          onInput={(event) => lookFor(event.currentTarget.value)}
        />
        {isOpen ? (
          <button type="button" class="icon-button" aria-label={words.clearSearch} onClick={closeSearch}>
            <Icon name="close" size={16} />
          </button>
        ) : (
          <span aria-hidden="true">
            <kbd>/</kbd>
          </span>
        )}
      </div>
      <ConnectionLine />
      <div class="list-body">{isOpen ? <SearchResults /> : <ThreadList />}</div>
    </section>
  );
}
