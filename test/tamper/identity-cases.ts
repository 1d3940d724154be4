import type { IdentityResult } from '@mandate/core';
import { PART } from '@mandate/evidence';
import type { FindingId } from '@mandate/verify';
import { makeKey } from '../kit/authority.js';
import type { Changes } from '../kit/build-bundle.js';
import type { IdentityMade } from '../kit/make-identity.js';

type Fault = `${FindingId} ${string}`;
export const made = (identity: IdentityMade): Changes => ({ identity });
const result = (change: Partial<IdentityResult>): Changes =>
  made({ result: (it) => ({ ...it, ...change }) });

const UNSIGNED = { suite: 'none', signature: '' } as const;

/** Name, change, and every finding that must then stand in the way. */
export const identityCases: [string, Changes, ...Fault[]][] = [
  [
    'the part left out',
    { identity: {}, bundleParts: (parts) => void parts.delete(PART.identity) },
    'identity-results HASH_FAILURE',
    'identity-met SIG_CONSTRAINTS_FAILURE',
  ],
  [
    'a part the scene does not know',
    { identity: {}, scene: ({ identity: _, ...scene }) => scene },
    'scene-policy SIG_CONSTRAINTS_FAILURE',
    'identity-results HASH_FAILURE',
    'identity-met SIG_CONSTRAINTS_FAILURE',
    'identity-times TIMESTAMP_ORDER_FAILURE',
  ],
  [
    'one result taken away afterwards',
    made({ part: (it) => ({ ...it, results: it.results.slice(1) }) }),
    'identity-results HASH_FAILURE',
    'identity-met SIG_CONSTRAINTS_FAILURE',
  ],
  [
    'too few results for the policy',
    made({ checks: ['police-id'] }),
    'identity-met SIG_CONSTRAINTS_FAILURE',
  ],
  [
    'the wrong ones for the policy',
    made({ checks: ['carrier-name', 'bank-card'] }),
    'identity-met SIG_CONSTRAINTS_FAILURE',
  ],
  [
    'a policy softened until the results meet it',
    made({
      checks: ['carrier-name'],
      scene: (it) => ({ ...it, requirements: [{ need: 1, of: ['carrier-name'] }] }),
    }),
    'identity-met SIG_CONSTRAINTS_FAILURE',
  ],
  [
    'a longer life than the policy’s',
    made({
      answer: (it) => ({ ...it, at: '2026-11-21T08:00:00Z' }),
      result: (it) => ({ ...it, receivedAt: '2026-11-21T08:00:00Z' }),
      scene: (it) => ({ ...it, freshSeconds: 100_000 }),
    }),
    'identity-met SIG_CONSTRAINTS_FAILURE',
  ],
  [
    'a policy nobody knows',
    made({ scene: (it) => ({ ...it, policy: 'easy' }) }),
    'scene-policy SIG_CONSTRAINTS_FAILURE',
    'identity-met SIG_CONSTRAINTS_FAILURE',
  ],
  [
    'the institution’s word in place of a check',
    made({ checks: ['police-id', 'institution'] }),
    'identity-met SIG_CONSTRAINTS_FAILURE',
  ],
  ...(
    [
      ['another institution’s word', { provider: 'vouch' }],
      ['a word under another number', { reference: 'x' }],
      ['a word of another time', { checkedAt: '2026-11-21T09:01:41Z' }],
    ] as const
  ).map(([name, change]): (typeof identityCases)[number] => [
    name,
    made({
      checks: ['police-id', 'carrier-name', 'institution'],
      result: (it) => (it.check === 'institution' ? { ...it, ...change } : it),
    }),
    'identity-receipt HASH_FAILURE',
  ]),
  [
    'a passkey registered under the very code that it stands beside',
    {
      identity: { checks: ['police-id'] },
      measures: ['sms-code', 'passkey'],
      passkey: { registeredAt: '2026-11-21T09:02:10Z' },
    },
    'identity-met SIG_CONSTRAINTS_FAILURE',
  ],
  [
    'the provider said no, and it is told so',
    made({ answer: (it) => ({ ...it, outcome: 'mismatch' }) }),
    'identity-met SIG_CONSTRAINTS_FAILURE',
  ],
  [
    'the provider said no, and it is told as yes',
    made({
      answer: (it) => ({ ...it, outcome: 'mismatch' }),
      result: (it) => ({ ...it, outcome: 'match' }),
    }),
    'identity-receipt HASH_FAILURE',
  ],
  ['of another letter', made({ letters: ['e'.repeat(64)] }), 'identity-letter HASH_FAILURE'],
  [
    'of another letter, this one written in',
    { identity: { letters: ['e'.repeat(64)], result: (it) => ({ ...it, letters: [] }) } },
    'identity-letter HASH_FAILURE',
  ],
  ['of another person', made({ subject: { name: '李四' } }), 'identity-subject HASH_FAILURE'],
  [
    'of another phone',
    made({ subject: { phone: '13900139000' } }),
    'identity-subject HASH_FAILURE',
  ],
  [
    'after the scene was frozen',
    result({ receivedAt: '2026-11-21T09:02:01Z' }),
    'identity-times TIMESTAMP_ORDER_FAILURE',
  ],
  [
    'too long before the confirmation',
    made({
      answer: (it) => ({ ...it, at: '2026-11-21T08:00:00Z' }),
      result: (it) => ({ ...it, receivedAt: '2026-11-21T08:00:00Z' }),
    }),
    'identity-times TIMESTAMP_ORDER_FAILURE',
  ],
  [
    'not in the trail',
    { identity: {}, steps: (steps) => steps.filter(([type]) => type !== 'identity-checked') },
    'identity-times TIMESTAMP_ORDER_FAILURE',
  ],
  [
    'noted after the challenge',
    {
      identity: {},
      steps: (steps) => {
        const late = steps.filter(([type]) => type === 'identity-checked');
        const rest = steps.filter(([type]) => type !== 'identity-checked');
        return [...rest, ...late.map(([type, by, , data]) => [type, by, 130, data] as const)];
      },
    },
    'identity-times TIMESTAMP_ORDER_FAILURE',
  ],
  [
    'another reference than the receipt’s',
    result({ reference: 'x' }),
    'identity-receipt HASH_FAILURE',
  ],
  [
    'a receipt by another key',
    made({ signer: makeKey() }),
    'identity-signature SIG_CRYPTO_FAILURE',
  ],
  [
    'a receipt changed after it was signed',
    result({ receipt: { suite: 'ecdsa-p256-sha256', body: 'e30', signature: 'AAAA' } }),
    'identity-receipt HASH_FAILURE',
    'identity-signature SIG_CRYPTO_FAILURE',
  ],
  [
    'one that nobody signed beside one that is signed',
    made({
      result: (it) =>
        it.check === 'police-id' ? { ...it, receipt: { ...it.receipt, ...UNSIGNED } } : it,
    }),
    'identity-signature SIG_CRYPTO_FAILURE',
  ],
  [
    'simulated, and it says so',
    made({ answer: (it) => ({ ...it, simulated: true }) }),
    'identity-simulated SIG_CONSTRAINTS_FAILURE',
  ],
  [
    'simulated, and it is told as real',
    made({
      answer: (it) => ({ ...it, simulated: true }),
      result: (it) => ({ ...it, simulated: false }),
    }),
    'identity-receipt HASH_FAILURE',
    'identity-signature SIG_CRYPTO_FAILURE',
  ],
];
