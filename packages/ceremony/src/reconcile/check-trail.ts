import {
  canonicalize,
  FIRST_PREVIOUS,
  isDomainError,
  kindDigestHex,
  parseCanonical,
  STATES,
  TRANSITIONS,
  type State,
  type TrailEvent,
} from '@mandate/core';
import type { AuthorizationRow } from '../ports.js';
import type { StoredEvent } from './reconcile-ports.js';
import type { Found } from './record-problem.js';

const isState = (type: string): type is State => (STATES as readonly string[]).includes(type);

/**
 * Recomputes a trail: every digest from its body, every link, every step from the table of steps; and that the
 * authorization's row is what the trail comes to. Resolves to the events that could be read.
 */
export function checkTrail(
  authorization: AuthorizationRow,
  stored: readonly StoredEvent[],
  found: Found,
): readonly TrailEvent[] {
  const { id } = authorization;
  const events: TrailEvent[] = [];
  let previous = FIRST_PREVIOUS;
  let state: State | null = null;
  for (const [index, row] of stored.entries()) {
    const event = readEvent(row);
    if (
      !event ||
      row.version !== index + 1 ||
      event.version !== row.version ||
      event.stream !== id ||
      event.type !== row.type ||
      event.previous !== previous ||
      row.previous !== previous ||
      kindDigestHex('event', event) !== row.digest
    )
      found('trail-broken', `${id}/${row.version}`);
    previous = row.digest;
    if (!event) continue;
    if (events.length > 0 && event.at < events.at(-1)!.at)
      found('trail-time', `${id}/${row.version}`);
    events.push(event);
    if (!isState(event.type)) continue;
    if (!isStep(state, event)) found('trail-step', `${id}/${row.version}`);
    state = event.type;
  }
  const [first, last] = [events[0], events.at(-1)];
  if (
    authorization.state !== state ||
    authorization.version !== stored.length ||
    authorization.head !== previous ||
    authorization.createdAt.toISOString() !== first?.at ||
    authorization.updatedAt.toISOString() !== last?.at
  )
    found('projection', id);
  return events;
}

/** Null unless it is the canonical text of an event. */
function readEvent({ body }: StoredEvent): TrailEvent | null {
  try {
    const event = parseCanonical(body) as unknown as TrailEvent;
    return canonicalize(event) === body && typeof event.data === 'object' ? event : null;
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return null;
  }
}

const isStep = (from: State | null, { type, by }: TrailEvent): boolean =>
  from === null
    ? type === 'requested' && by === 'web'
    : TRANSITIONS.some(([a, b, role]) => a === from && b === type && role === by);
