import { Icon } from "../../shared/icons.tsx";
import { setAssignee } from "../actions.ts";
import { Avatar } from "../list/avatar.tsx";
import { threadOf } from "../list/threads.ts";
import { place } from "../place.ts";
import { me } from "../session/session.ts";
import { currentWords } from "../words/words.ts";
import { Chooser } from "./chooser.tsx";
import { closeDialog } from "./open-dialog.ts";

/** Asks who is to take care of the open thread. */
export function Assign() {
  const words = currentWords();
  const { User, Colleagues } = me();
  const thread = threadOf(place.value.threadId ?? "");
  if (!thread) return null;
  const there = Colleagues.filter(
    ({ Id, IsEnabled, EnterpriseIds }) => Id !== User.Id && IsEnabled && EnterpriseIds.includes(thread.EnterpriseId),
  ).sort((a, b) => a.Name.localeCompare(b.Name));
  const choices = [
    {
      key: User.Id,
      name: `${User.Name} (${words.you})`,
      mark: <Avatar id={User.Id} name={User.Name} small />,
      isCurrent: thread.AssigneeId === User.Id,
      run: () => void setAssignee(thread, User.Id),
    },
    ...there.map(({ Id, Name }) => ({
      key: Id,
      name: Name,
      mark: <Avatar id={Id} name={Name} small />,
      isCurrent: thread.AssigneeId === Id,
      run: () => void setAssignee(thread, Id),
    })),
    {
      key: "nobody",
      name: words.nobody,
      mark: <Icon name="dashed" />,
      isCurrent: thread.AssigneeId === null,
      run: () => void setAssignee(thread, null),
    },
  ];
  return (
    <Chooser
      title={words.assignTitle}
      placeholder={`${words.assignTitle}…`}
      nothing={words.nobody}
      choices={choices}
      onClose={closeDialog}
    />
  );
}
