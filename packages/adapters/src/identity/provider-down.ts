/**
 * Cause of an `identity-unavailable` that is the provider's own: silence, no connection, 5xx, a signature that does
 * not hold. What a question can bring about, a 4xx or an answer about something else, is none.
 */
export class ProviderDown extends Error {}
