import { currentWords } from "../words/words.ts";
import { EntryPage } from "./entry-page.tsx";

interface TryAgainProps {
  readonly trouble: string;
  readonly onRetry: () => void;
}

/** Says what went wrong before the inbox could be shown, and offers to try it again. */
export function TryAgain({ trouble, onRetry }: TryAgainProps) {
  const words = currentWords();
  return (
    <EntryPage title={trouble} hint="">
      <button type="button" class="button button-large" onClick={onRetry}>
        {words.retry}
      </button>
    </EntryPage>
  );
}
