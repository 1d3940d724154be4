/** What an API key may do. Closed: each route of institutions names the one it needs, and keys hold what they were made with. */
export const API_SCOPES = {
  'authorizations:write': 'ask for authorizations and give subjects a way in',
  'authorizations:read': 'state and condition of authorizations',
  'evidence:read': 'letters and bundles, which hold personal data',
  'id-images:read': 'pictures of identity documents, each reading with its purpose',
  'id-images:write': 'have pictures of identity documents kept and destroyed',
  reports: 'have reports made',
  'redemptions:write': 'use authorizations',
  'redemptions:read': 'the register of uses',
  'subject-data':
    'have the subject’s data released for a use, sealed so that its recipient alone reads them',
  'withdrawals:write': 'tell of withdrawals, disputes and ends',
  'own-links:write':
    'vouch for a subject who lost the number; with `evidence:read`, because the link opens the data',
  'templates:read': 'read templates',
  'templates:author': 'write templates and hand them on',
  'templates:approve': 'publish and retire templates',
  'registry:read': 'registered sources and recipients',
  webhooks: 'where events are delivered to, and the secrets',
  'events:read': 'what happened',
  keys: 'make, replace and revoke keys',
} as const;

export type ApiScope = keyof typeof API_SCOPES;

export const ALL_SCOPES = Object.keys(API_SCOPES) as readonly ApiScope[];

/** What integrating needs, and no more: ask, see, use, hear of it. */
export const INTEGRATION_SCOPES = [
  'authorizations:write',
  'authorizations:read',
  'redemptions:write',
  'redemptions:read',
  'withdrawals:write',
  'webhooks',
  'events:read',
  'templates:read',
] as const satisfies readonly ApiScope[];

export const isApiScope = (text: string): text is ApiScope => Object.hasOwn(API_SCOPES, text);
