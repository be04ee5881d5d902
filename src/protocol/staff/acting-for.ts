/** The header with which a request of the staff API says for whom it acts: the id of the person. */
export const actingForHeader = "Innbox-User";

/** The same for the live stream, in its address: browsers send no headers of a page's own with it. */
export const actingForParameter = "user";

const description =
  "The id of the person for whom the caller acts. When the cookie is another person's, the answer is 412 and nothing " +
  "is done. Browsers must send it, except to session/get and to what needs no session; programs may.";
const schema = { type: "string", format: "uuid" };

/** Both, as OpenAPI describes them. */
export const actingForParameters = {
  header: { name: actingForHeader, in: "header", required: false, description, schema },
  query: { name: actingForParameter, in: "query", required: false, description, schema },
} as const;
