import { authorizationBody, person, templateBody, type ApiInstance } from './api-instance.js';

const DIGEST = '0'.repeat(64);
const KEY = { publicKey: 'AAAA', proof: 'AAAA' };

export type Bodies = Readonly<Record<string, () => Record<string, unknown>>>;

/**
 * By path, a body each POST route would read, every member necessary: what is refused then is refused for something else.
 * @param token of a signing link
 */
export function goodBodies(api: ApiInstance, token: string): Bodies {
  return {
    '/v1/templates': () => templateBody('another'),
    '/v1/templates/{id}/versions': () => templateBody(),
    '/v1/templates/{id}/versions/{version}/submit': () => ({}),
    '/v1/templates/{id}/versions/{version}/approve': () => ({}),
    '/v1/templates/{id}/versions/{version}/waivers': () => ({
      ...{ rule: 'open-list', path: 'method.zh', reason: 'x' },
    }),
    '/v1/templates/{id}/versions/{version}/retire': () => ({}),
    '/v1/authorizations': () => authorizationBody(api),
    '/v1/cases': () => ({
      kind: 'internal-review',
      authorizations: ['aut_00000000-0000-7000-8000-000000000000'],
    }),
    '/v1/bulk': () => ({ format: 'csv' }),
    '/v1/bulk/{id}/completion': () => ({ digest: DIGEST }),
    '/v1/bulk/{id}/cancellation': () => ({}),
    '/v1/signing-sets': () => ({
      authorizations: [authorizationBody(api), authorizationBody(api)],
    }),
    '/v1/signing-sets/{id}/signing-links': () => ({}),
    '/v1/signing-sets/{id}/signing-tickets': () => ({ origins: ['https://a.example'] }),
    '/v1/authorizations/{id}/signing-links': () => ({}),
    '/v1/authorizations/{id}/signing-tickets': () => ({ origins: ['https://a.example'] }),
    '/v1/authorizations/{id}/reports': () => ({}),
    '/v1/authorizations/{id}/redemptions': () => ({
      purpose: 'loan-approval',
      source: { creditCode: '91110000MA00DEM01M' },
      items: ['basic-information'],
      operator: { id: 'staff' },
    }),
    '/v1/authorizations/{id}/redemptions/{redemption}/confirmation': () => ({}),
    '/v1/authorizations/{id}/redemptions/{redemption}/release': () => ({}),
    '/v1/authorizations/{id}/redemptions/{redemption}/subject-data': () => ({}),
    '/v1/authorizations/{id}/restriction': () => ({ proof: { kind: 'logged-in', ref: 'x' } }),
    '/v1/authorizations/{id}/export': () => ({ proof: { kind: 'logged-in', ref: 'x' } }),
    '/v1/own/{id}/erasure': () => ({}),
    '/v1/own/{id}/id-images/{image}/destruction': () => ({}),
    '/v1/authorizations/{id}/assertions': () => ({
      ...{ reference: 'x', vouchedBy: 'staff', how: 'in person' },
      at: '2026-01-01T00:00:00Z',
    }),
    '/v1/authorizations/{id}/withdrawals': () => ({
      channel: 'app',
      proof: { kind: 'logged-in', ref: 'x' },
    }),
    '/v1/authorizations/{id}/holds': () => ({
      proof: { kind: 'logged-in', ref: 'x' },
    }),
    '/v1/authorizations/{id}/holds/{hold}/proposal': () => ({
      ...{ outcome: 'rejected', grounds: 'case 1' },
    }),
    '/v1/authorizations/{id}/end': () => ({ event: 'loan-settled', at: '2026-01-01T00:00:00Z' }),
    '/v1/signing/open': () => ({ token: token }),
    '/v1/signing/hand-over': () => ({ handOver: 'AAAA' }),
    '/v1/signing/outcome': () => ({ handOver: 'AAAA' }),
    '/v1/signing/enter': () => ({ letterNumber: 'M20260101-ABCDEFGH', lastSix: '000000' }),
    '/v1/signing/identify': () => ({ lastSix: '000000' }),
    '/v1/signing/presentation': () => ({
      letterDigest: DIGEST,
      record: {
        language: 'zh',
        pageBuild: null,
        secondsOpen: 1,
        clauses: [],
        reachedEnd: true,
        alternative: 'pages',
        readAloud: false,
        largePrint: false,
        viewport: { width: 360, height: 740 },
        choices: { items: [], recipients: [] },
      },
    }),
    '/v1/signing/refuse-letter': () => ({ letterDigest: DIGEST }),
    '/v1/signing/identity': () => ({ check: 'police-id' }),
    '/v1/signing/challenge': () => ({}),
    '/v1/signing/confirmation': () => ({ ...KEY }),
    '/v1/signing/passkeys/options': () => ({}),
    '/v1/signing/passkeys': () => ({
      registration: {
        ...{ id: 'AAAA', rawId: 'AAAA', type: 'public-key' },
        response: { clientDataJSON: 'AAAA', attestationObject: 'AAAA' },
      },
    }),
    '/v1/signing/attempts': () => ({ ...KEY }),
    '/v1/signing/attempts/software': () => ({}),
    '/v1/signing/attempts/{attemptId}/signature': () => ({ signature: 'AAAA' }),
    '/v1/signing/decline': () => ({ reason: 'refused' }),
    '/v1/own/enter': () => person(1),
    '/v1/own/passkey-options': () => ({}),
    '/v1/own/confirm': () => ({ code: '000000' }),
    '/v1/own/open': () => ({ token: 'AAAA' }),
    '/v1/own/leave': () => ({}),
    '/v1/own/passkeys/{passkey}/removal': () => ({}),
    '/v1/own/{id}/withdrawal': () => ({}),
    '/v1/own/{id}/dispute': () => ({ reason: 'not-signed-by-me' }),
    '/v1/authorizations/{id}/own-links': () => ({ vouchedBy: 'staff', how: 'in-person' }),
    '/v1/webhooks': () => ({ url: 'https://a.example' }),
    '/v1/authorizations/search': () => {
      const { phone: _, ...subject } = person(1);
      return { subject };
    },
    '/v1/webhooks/{id}/secret': () => ({}),
    '/v1/webhooks/{id}/enable': () => ({}),
    '/v1/webhooks/{id}/disable': () => ({}),
    '/v1/webhooks/{id}/deliveries': () => ({ event: 1 }),
    '/v1/keys': () => ({ name: 'narrow', scopes: ['authorizations:read'] }),
    '/v1/keys/{id}/rotation': () => ({}),
  };
}
