import { Icon } from "../../shared/icons.tsx";
import { show } from "../dialogs/open-dialog.ts";
import { number } from "../format.ts";
import { ConnectionLine } from "../live/connection-line.tsx";
import { place } from "../place.ts";
import { search } from "../search/search.ts";
import { SearchField } from "../search/search-field.tsx";
import { SearchResults } from "../search/search-results.tsx";
import { propertyOf } from "../session/session.ts";
import { countOf, counts } from "../sidebar/counts.ts";
import { currentWords } from "../words/words.ts";
import { ThreadList } from "./thread-list.tsx";
import "./list-pane.css";

/** The list of threads, or the results of a search in its place. */
export function ListPane() {
  const words = currentWords();
  const { view, enterpriseId } = place.value;
  const total = countOf(counts.value, view, enterpriseId);
  const property = enterpriseId ? propertyOf(enterpriseId)?.Name : undefined;
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
      <SearchField />
      <ConnectionLine />
      <div class="list-body">{search.value.isOpen ? <SearchResults /> : <ThreadList />}</div>
    </section>
  );
}
