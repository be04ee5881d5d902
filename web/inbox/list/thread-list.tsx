import { useEffect } from "preact/hooks";
import { selection } from "../actions.ts";
import { place } from "../place.ts";
import { countOf, counts } from "../sidebar/counts.ts";
import { currentWords } from "../words/words.ts";
import { Empty } from "./empty.tsx";
import { listAt, loadMore } from "./lists.ts";
import { showsProperty } from "./row.tsx";
import { Skeleton, ThreadRow } from "./thread-row.tsx";
import { VirtualList } from "./virtual-list.tsx";

/** Pixels, as `--row-height` of tokens.css says too. */
const rowHeight = 88;
/** How many rows before the end the next page is asked for. */
const ahead = 60;
const skeletons = 6;

/** The list of the view and property that the person is at. */
export function ThreadList() {
  const words = currentWords();
  const { view, enterpriseId, threadId } = place.value;
  const { id: selectedId } = selection.value;
  const total = countOf(counts.value, view, enterpriseId);
  const list = listAt({ view, enterpriseId });
  const ids = list.ids.value;
  const state = list.state.value;

  // The list was forgotten, or is shown for the first time.
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
  const at = selectedId === undefined ? -1 : ids.indexOf(selectedId);
  const namesProperties = enterpriseId === undefined && showsProperty();
  return (
    <VirtualList
      label={`${words.views[view]}, ${words.threadCount(total ?? ids.length)}`}
      listKey={`${view} ${enterpriseId ?? ""}`}
      count={ids.length + (state === "complete" ? 0 : skeletons)}
      rowHeight={rowHeight}
      activeIndex={at}
      activeId={at >= 0 ? selectedId : undefined}
      isBusy={state === "loading" || state === "empty"}
      onShown={(_first, last) => {
        if (last > ids.length - ahead && (state === "partial" || state === "failed")) void loadMore(list);
      }}
      row={(index) => {
        const id = ids[index];
        if (id === undefined) return <Skeleton key={`skeleton-${index}`} />;
        return (
          <ThreadRow
            key={id}
            id={id}
            index={index}
            count={total ?? -1}
            isSelected={id === selectedId}
            isOpen={id === threadId}
            showsProperty={namesProperties}
          />
        );
      }}
    />
  );
}
