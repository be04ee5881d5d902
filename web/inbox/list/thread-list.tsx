import { useCallback, useEffect } from "preact/hooks";
import { useCell } from "../../shared/cell.ts";
import { openThread, selection } from "../actions.ts";
import { now } from "../clock.ts";
import { people } from "../live/presence.ts";
import { place } from "../place.ts";
import { useMe } from "../session/session.ts";
import { useWords } from "../words/words.ts";
import { countOf, counts } from "./counts.ts";
import { Empty } from "./empty.tsx";
import { listAt, loadMore } from "./lists.ts";
import { ThreadRow } from "./thread-row.tsx";
import { threadChanges, threadOf } from "./threads.ts";
import { VirtualList } from "./virtual-list.tsx";

/** Pixels; the style sheet says the same. */
const rowHeight = 88;
/** How many rows before the end the next page is asked for. */
const ahead = 60;
const skeletons = 6;

/** The list of the view and property that one is at. */
export function ThreadList() {
  const words = useWords();
  const { view, enterpriseId, threadId } = useCell(place);
  useCell(threadChanges);
  const signedIn = useMe();
  const present = useCell(people);
  const selected = useCell(selection);
  const time = useCell(now);
  const total = useCell(counts, (known) => countOf(known, view, enterpriseId));
  const list = listAt({ view, enterpriseId });
  const open = useCallback((id: string) => openThread(id), []);
  const listKey = `${view} ${enterpriseId ?? ""}`;
  const { ids, state } = list;

  // A list that was forgotten, or is shown for the first time, is begun.
  useEffect(() => {
    if (state === "empty" && total !== undefined) void loadMore(list);
  });

  if (ids.length === 0 && state === "complete") {
    return (
      <Empty icon={view === "Awaiting" ? "cup" : "inbox"} title={words.empty[view]} hint={words.emptyHint[view]} />
    );
  }
  if (ids.length === 0 && state === "failed") {
    return (
      <Empty icon="warning" title={words.listFailed} action={{ label: words.retry, run: () => void loadMore(list) }} />
    );
  }
  const count = ids.length + (state === "complete" ? 0 : skeletons);
  const at = selected.id === undefined ? -1 : ids.indexOf(selected.id);
  return (
    <VirtualList
      label={`${words.views[view]}, ${words.threadCount(total ?? ids.length)}`}
      listKey={listKey}
      count={count}
      rowHeight={rowHeight}
      activeIndex={at}
      activeId={at >= 0 ? selected.id : undefined}
      isBusy={state === "loading" || state === "empty"}
      onShown={(_first, last) => {
        if (last > ids.length - ahead && (state === "partial" || state === "failed")) void loadMore(list);
      }}
      row={(index) => {
        const thread = threadOf(ids[index] ?? "");
        if (!thread) return <Skeleton key={`skeleton-${index}`} />;
        return (
          <ThreadRow
            key={thread.Id}
            thread={thread}
            index={index}
            count={total ?? -1}
            isSelected={thread.Id === selected.id}
            isOpen={thread.Id === threadId}
            showsProperty={enterpriseId === undefined && signedIn.Properties.length > 1}
            people={present.get(thread.Id)}
            now={time}
            onOpen={open}
          />
        );
      }}
    />
  );
}

function Skeleton() {
  return (
    <div class="row row-skeleton" role="presentation">
      <span class="skeleton skeleton-short" />
      <span class="skeleton" />
      <span class="skeleton skeleton-long" />
    </div>
  );
}
