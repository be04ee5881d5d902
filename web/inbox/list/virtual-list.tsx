import type { ComponentChildren, JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import "./virtual-list.css";

/** Rows drawn beyond each edge, so that scrolling shows no gaps. */
const beyond = 8;

interface VirtualListProps {
  readonly label: string;
  readonly count: number;
  /** Each row's height in pixels. */
  readonly rowHeight: number;
  readonly activeIndex: number;
  readonly activeId: string | undefined;
  readonly isBusy: boolean;
  readonly row: (index: number) => ComponentChildren;
  /** Called with the range of rows that exist. */
  readonly onShown: (first: number, last: number) => void;
  /** A list with another key is shown from its top. */
  readonly listKey: string;
}

/** A listbox of any length, in which only the rows on the screen exist. The caller handles keys. */
export function VirtualList(props: VirtualListProps): JSX.Element {
  const { label, count, rowHeight, activeIndex, activeId, isBusy, row, onShown, listKey } = props;
  const frame = useRef<HTMLDivElement>(null);
  const [range, setRange] = useState({ first: 0, last: 20 });

  const measure = () => {
    const element = frame.current;
    if (!element) return;
    const first = Math.max(0, Math.floor(element.scrollTop / rowHeight) - beyond);
    const last = Math.ceil((element.scrollTop + element.clientHeight) / rowHeight) + beyond;
    setRange((known) => (known.first === first && known.last === last ? known : { first, last }));
  };

  useLayoutEffect(() => {
    if (frame.current) frame.current.scrollTop = 0;
    measure();
  }, [listKey]);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [rowHeight]);
  useEffect(() => onShown(range.first, range.last), [range, count, listKey]);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element || activeIndex < 0) return;
    const top = activeIndex * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight) {
      element.scrollTop = top + rowHeight - element.clientHeight;
    }
  }, [activeIndex, activeId, rowHeight]);

  const last = Math.min(count, range.last);
  const first = Math.min(range.first, last);
  const indexes = Array.from({ length: last - first }, (_, offset) => first + offset);
  const isActiveDrawn = activeIndex >= first && activeIndex < last;
  return (
    <div
      ref={frame}
      class="virtual-list"
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-busy={isBusy}
      aria-activedescendant={isActiveDrawn && activeId ? `row-${activeId}` : undefined}
      onScroll={measure}
    >
      <div class="virtual-list-space" role="presentation" style={{ height: `${count * rowHeight}px` }}>
        <div class="virtual-list-rows" role="presentation" style={{ transform: `translateY(${first * rowHeight}px)` }}>
          {indexes.map(row)}
        </div>
      </div>
    </div>
  );
}
