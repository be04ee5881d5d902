/** What clients are told of. A general webhook gets the first one, and the other one when it subscribes to it. */
export const eventDiscriminators = ["MessageAdded", "MessageThreadUpdated"] as const;
export type EventDiscriminator = (typeof eventDiscriminators)[number];
