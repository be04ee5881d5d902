import { announcedEvent } from "../../delivery/webhooks/body.ts";
import { type Event, getAllEvents } from "../../protocol/connector/events.ts";
import { formatDateTime } from "../../protocol/date-time.ts";
import { maxItems } from "../../protocol/values.ts";
import { eventsAfter, type LogEvent, positionAfter } from "../../store/log/log-events.ts";
import { formatPosition, readPosition } from "../../store/log/position.ts";
import { connectorOperation } from "./connector-operation.ts";

/** The feed: the caller's events after a position (contract, section 6). */
export const getAll = connectorOperation(getAllEvents, async (_context, { caller, input, db }) => {
  const { After } = input;
  const isStart = After === undefined || After === null;
  const position = isStart ? new Map() : await readPosition(db, caller.scope, "After", After);
  const events = await eventsAfter(db, caller.scope, position, input.Limitation?.Count ?? maxItems);
  return {
    body: JSON.stringify({
      Events: events.map(eventAnswer),
      Position: formatPosition(positionAfter(position, events)),
    }),
    isEmptyList: events.length === 0,
  };
});

function eventAnswer(event: LogEvent): Event {
  return { ...announcedEvent(event), EnterpriseId: event.enterprise_id, CreatedUtc: formatDateTime(event.created) };
}
