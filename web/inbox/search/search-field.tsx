import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../shared/icons.tsx";
import { currentWords } from "../words/words.ts";
import { closeSearch, lookFor, openSearch, search } from "./search.ts";
import "./search-field.css";

/** Where the person searches. Focus opens the search, and the results take the list's place. */
export function SearchField() {
  const words = currentWords();
  const { isOpen, query, state, results, active } = search.value;
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (isOpen) field.current?.focus();
    else if (document.activeElement === field.current) field.current?.blur();
  }, [isOpen]);

  const hasResults = isOpen && results.length > 0 && (state === "found" || state === "searching");
  return (
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
  );
}
