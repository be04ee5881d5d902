import Type from "typebox";
import { describeOperation } from "../operation.ts";
import { optional, text, uuid, uuids } from "../values.ts";

const maxLength = 10_000;

export const SavedReply = Type.Object(
  {
    Id: uuid("Unique identifier of the saved reply."),
    EnterpriseId: uuid("The property whose people use it."),
    Shortcut: Type.String({ description: "What is typed after the slash." }),
    LanguageCode: Type.String({ description: "The language that it is in." }),
    Text: Type.String({ description: "With the placeholders {guest}, {property} and {me}." }),
  },
  { $id: "SavedReply" },
);
export type SavedReply = Type.Static<typeof SavedReply>;

const example: SavedReply = {
  Id: "0195d3a0-1c5e-7000-8000-5c1d6f3a2b12",
  EnterpriseId: "3fa85f64-5717-4562-b3fc-2c963f66afa6",
  Shortcut: "late",
  LanguageCode: "en",
  Text: "Dear {guest}, the front desk of {property} is open all night. {me}",
};
const { Id: _id, ...exampleWithoutId } = example;

export const getAllSavedReplies = describeOperation({
  resource: "savedReplies",
  action: "getAll",
  summary: "List saved replies",
  description: "Those of the properties where the caller works, by shortcut and language.",
  input: Type.Object({ EnterpriseIds: optional(uuids("Only these properties.")) }),
  output: Type.Object({ SavedReplies: Type.Array(SavedReply) }),
  example: { request: {}, answer: { SavedReplies: [example] } },
});

export const setSavedReply = describeOperation({
  resource: "savedReplies",
  action: "set",
  summary: "Save a reply",
  description: "Adds one, or changes the one of this property, shortcut and language.",
  input: Type.Object({
    EnterpriseId: uuid("The property."),
    Shortcut: text(40, { description: "What is typed after the slash." }),
    LanguageCode: text(20, { description: "The language that it is in, as in en or pt-BR." }),
    Text: text(maxLength, { description: "With the placeholders {guest}, {property} and {me}." }),
  }),
  output: Type.Object({ SavedReply }),
  example: { request: exampleWithoutId, answer: { SavedReply: example } },
});

export const deleteSavedReply = describeOperation({
  resource: "savedReplies",
  action: "delete",
  summary: "Delete a saved reply",
  description: "Nothing changes when it is gone already.",
  input: Type.Object({ EnterpriseId: uuid("The property."), SavedReplyId: uuid("The saved reply.") }),
  output: Type.Object({}),
  example: { request: { EnterpriseId: example.EnterpriseId, SavedReplyId: example.Id }, answer: {} },
});
