import Type from "typebox";
import { uuid } from "../values.ts";

/** The body of every answer that is not a success (contract, section 2). */
export const ErrorAnswer = Type.Object(
  {
    Message: Type.String({ description: "One plain sentence: what is wrong, and with which property." }),
    RequestId: uuid("The value of the Request-Id header, to quote when asking for help."),
    Details: Type.Null({ description: "Nothing more is said." }),
  },
  { $id: "Error" },
);
export type ErrorAnswer = Type.Static<typeof ErrorAnswer>;
