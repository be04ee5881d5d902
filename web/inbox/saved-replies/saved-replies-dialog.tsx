import { useEffect, useState } from "preact/hooks";
import type { SavedReply } from "../../../src/protocol/staff/saved-replies.ts";
import { Form } from "../../shared/form.tsx";
import { attempt } from "../actions.ts";
import { call } from "../api.ts";
import { Dialog } from "../dialogs/dialog.tsx";
import { closeDialog } from "../dialogs/open-dialog.ts";
import { Field, Select, TextField } from "../forms/field.tsx";
import { FormActions } from "../forms/form.tsx";
import { place } from "../place.ts";
import { managedProperties } from "../session/session.ts";
import { Detail, Line, LineButton } from "../settings/line.tsx";
import { currentWords } from "../words/words.ts";
import { loadSavedReplies, savedReplies } from "./saved-replies.ts";

const maxLength = 10_000;

type Edited = Omit<SavedReply, "Id"> & { readonly Id: string | undefined };

/** Lists, writes and deletes the saved replies of a property. */
export function SavedReplies() {
  const words = currentWords();
  const all = savedReplies.value;
  const managed = managedProperties();
  const here = place.value.enterpriseId;
  const [enterpriseId, setEnterpriseId] = useState(
    () => (managed.find(({ Id }) => Id === here) ?? managed[0])?.Id ?? "",
  );
  const [edited, setEdited] = useState<Edited>();
  useEffect(() => void attempt(loadSavedReplies), []);
  const shown = (all ?? []).filter((reply) => reply.EnterpriseId === enterpriseId);
  const language = managed.find(({ Id }) => Id === enterpriseId)?.DefaultLanguageCode.slice(0, 2) ?? "en";
  const begin = () =>
    setEdited({ Id: undefined, EnterpriseId: enterpriseId, Shortcut: "", LanguageCode: language, Text: "" });
  return (
    <Dialog title={words.savedReplies} onClose={closeDialog} class="dialog-wide">
      <div class="dialog-body">
        {managed.length > 1 && (
          <Select
            label={words.property}
            value={enterpriseId}
            options={managed.map(({ Id, Name }) => [Id, Name])}
            onChange={(id) => {
              setEnterpriseId(id);
              setEdited(undefined);
            }}
          />
        )}
        {edited ? (
          <Editor edited={edited} onChange={setEdited} onDone={() => setEdited(undefined)} />
        ) : (
          <button type="button" class="button button-primary" onClick={begin}>
            {words.newSavedReply}
          </button>
        )}
        {all === undefined && <p>{words.loading}…</p>}
        <ul class="plain-list">
          {shown.map((reply) => (
            <Line
              key={reply.Id}
              title={`/${reply.Shortcut}`}
              tags={[reply.LanguageCode]}
              details={<Detail>{reply.Text}</Detail>}
            >
              <span class="line-actions">
                <LineButton name={words.edit} onClick={() => setEdited(reply)} />
                <LineButton
                  name={words.deleteReply}
                  label={`/${reply.Shortcut} (${reply.LanguageCode})`}
                  onClick={() => remove(reply)}
                />
              </span>
            </Line>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

function remove({ EnterpriseId, Id }: SavedReply): Promise<boolean> {
  return attempt(async () => {
    await call("savedReplies/delete", { EnterpriseId, SavedReplyId: Id });
    await loadSavedReplies();
  });
}

interface EditorProps {
  readonly edited: Edited;
  readonly onChange: (edited: Edited) => void;
  readonly onDone: () => void;
}

function Editor({ edited, onChange, onDone }: EditorProps) {
  const words = currentWords();
  const save = async () => {
    const { Id, EnterpriseId, Shortcut, LanguageCode, Text } = edited;
    const before = savedReplies.value?.find((reply) => reply.Id === Id);
    const isSaved = await attempt(async () => {
      await call("savedReplies/set", { EnterpriseId, Shortcut, LanguageCode, Text });
      // The server adds a saved reply under its new name, so the one under the old name must be deleted.
      const isRenamed = before && (before.Shortcut !== Shortcut || before.LanguageCode !== LanguageCode);
      if (isRenamed) await call("savedReplies/delete", { EnterpriseId, SavedReplyId: before.Id });
      await loadSavedReplies();
    });
    if (isSaved) onDone();
  };
  return (
    <Form class="invite" onSubmit={save}>
      <div class="field-row">
        <TextField
          label={words.shortcut}
          value={edited.Shortcut}
          maxLength={40}
          onInput={(Shortcut) => onChange({ ...edited, Shortcut: Shortcut.replace(/[\s/]/g, "") })}
        />
        <TextField
          label={words.language}
          value={edited.LanguageCode}
          maxLength={20}
          onInput={(LanguageCode) => onChange({ ...edited, LanguageCode: LanguageCode.trim() })}
        />
      </div>
      <Field label={words.text} hint={words.placeholders}>
        {(id, describedBy) => (
          <textarea
            id={id}
            rows={5}
            required
            dir="auto"
            maxLength={maxLength}
            aria-describedby={describedBy}
            value={edited.Text}
            onInput={(event) => onChange({ ...edited, Text: event.currentTarget.value })}
          />
        )}
      </Field>
      <FormActions name={words.save} onCancel={onDone} />
    </Form>
  );
}
