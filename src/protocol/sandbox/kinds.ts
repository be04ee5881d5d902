/** What the staff do by themselves. */
export const autopilotModes = ["Off", "Echo", "Script", "Persona"] as const;

/** How soon they do it. */
export const autopilotPaces = ["Slow", "Normal", "Impatient"] as const;

/** What can go wrong with requests on purpose, with webhooks, and the statuses that requests may be answered with. */
export const requestFaultKinds = ["Delay", "Status", "Disconnect", "Drop", "Half"] as const;
export const webhookFaultKinds = ["Delay", "Drop", "Duplicate", "Reorder", "Late"] as const;
export const faultStatuses = [408, 429, 500, 503] as const;
