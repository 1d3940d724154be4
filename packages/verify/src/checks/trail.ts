import {
  FIRST_PREVIOUS,
  kindDigestHex,
  sha256Hex,
  STATES,
  TRANSITIONS,
  type DatabaseRole,
  type EventType,
  type State,
  type TrailEvent,
} from '@mandate/core';
import { termsDigest } from '@mandate/terms';
import type { Certificate } from '@mandate/pki';
import { check, fail, pass } from '../finding.js';
import type { AuthorizationMaterial } from '../material/authorization-material.js';
import type { Finding } from '../verification.js';

export const eventDigest = (event: TrailEvent): string => kindDigestHex('event', event);

/** The list of what stood at confirmation names exactly what the bundle holds. */
export function checkConfirmationParts(
  material: AuthorizationMaterial,
  letter: Uint8Array,
): Finding {
  const { parts } = material;
  const actual: Omit<typeof parts, 'format' | 'trail'> = {
    terms: termsDigest(material.terms),
    letter: sha256Hex(letter),
    scene: material.sceneDigest,
    challenge: material.challengeDigest,
    presentation: kindDigestHex('presentation', material.presentation),
    ...(material.codeRecord && { codeRecord: kindDigestHex('code-record', material.codeRecord) }),
    ...(material.delivery && { delivery: kindDigestHex('delivery', material.delivery) }),
    ...(material.passkey && { passkey: kindDigestHex('passkey', material.passkey) }),
    publicKey: sha256Hex(material.publicKey),
    proofOfPossession: sha256Hex(material.proof),
  };
  const { format: _format, trail: _trail, ...listed } = parts;
  const wrong = [...new Set([...Object.keys(actual), ...Object.keys(listed)])].filter(
    (name) => actual[name as keyof typeof actual] !== parts[name as keyof typeof parts],
  );
  return check(
    'confirmation-parts',
    wrong.length === 0,
    'HASH_FAILURE',
    wrong.length ? { parts: wrong.join(', ') } : undefined,
  );
}

/** Every event names the digest of the one before, versions are dense, times never run backwards. */
export function checkTrailChain({ trail, scene }: AuthorizationMaterial): Finding {
  const broken = trail.findIndex((event, i) => {
    const before = trail[i - 1];
    return (
      event.stream !== scene.authorization ||
      event.version !== i + 1 ||
      event.previous !== (before ? eventDigest(before) : FIRST_PREVIOUS) ||
      (before !== undefined && Date.parse(event.at) < Date.parse(before.at))
    );
  });
  const ok = trail.length > 0 && broken < 0;
  return check(
    'trail-chain',
    ok,
    'HASH_FAILURE',
    ok ? { events: String(trail.length) } : { event: String(broken + 1) },
  );
}

/** Events that change no state, and who may write them. */
const NOTES: Readonly<Record<Exclude<EventType, State>, readonly DatabaseRole[]>> = {
  'confirmation-refused': ['ra'],
  'identity-checked': ['ra'],
  'passkey-registered': ['ra'],
  'passkey-revoked': ['ra'],
  'attempt-issued': ['ca'],
  'attempt-voided': ['ca'],
  'report-made': ['web', 'desk'],
  redeemed: ['web'],
  'redemption-confirmed': ['web'],
  'redemption-released': ['web', 'worker'],
  withdrawn: ['web'],
  held: ['web'],
  'hold-resolved': ['desk'],
  ended: ['web'],
  'data-released': ['web'],
  restricted: ['web'],
  erased: ['vault'],
  'id-image-kept': ['web'],
  'id-image-destroyed': ['web', 'worker', 'vault'],
};

/** Facts about what is released; none of them comes before. */
const AFTER_RELEASE: readonly EventType[] = [
  'redeemed',
  'redemption-confirmed',
  'redemption-released',
  'withdrawn',
  'held',
  'hold-resolved',
  'ended',
  'data-released',
];

/** Nothing was signed that had been declined, had lapsed or had failed. */
const ENDED: readonly State[] = ['declined', 'lapsed', 'failed'];

const isState = (type: EventType): type is State => (STATES as readonly string[]).includes(type);

/**
 * The trail retold step by step: it begins with the request for these terms and this letter, every
 * step was one that its writer may take from the state before, and what was read is this letter.
 */
export function checkTrailSteps(
  { trail, terms }: AuthorizationMaterial,
  letter: Uint8Array,
): Finding {
  const digest = sha256Hex(letter);
  let state: State | null = null;
  for (const [i, event] of trail.entries()) {
    const illegal = (): Finding =>
      fail('trail-steps', 'FORMAT_FAILURE', {
        event: String(i + 1),
        step: `${state ?? 'nothing'} > ${event.type} by ${event.by}`,
      });
    if (!isLegal(state, event)) return illegal();
    if (isState(event.type)) state = event.type;
    const aboutThis =
      (event.type !== 'requested' || event.data['terms'] === termsDigest(terms)) &&
      ((event.type !== 'requested' && event.type !== 'presented') ||
        event.data['letter'] === digest);
    if (!aboutThis) return fail('trail-steps', 'HASH_FAILURE', { event: String(i + 1) });
  }
  return pass('trail-steps');
}

function isLegal(state: State | null, { type, by, version }: TrailEvent): boolean {
  if (state === null) return type === 'requested' && by === 'web' && version === 1;
  if (ENDED.includes(state)) return false;
  if (isState(type))
    return TRANSITIONS.some(([from, to, role]) => from === state && to === type && role === by);
  // A certificate follows a confirmation; what else is noted may stand between any two steps.
  if (type === 'attempt-issued' && state !== 'confirmed') return false;
  if (AFTER_RELEASE.includes(type) && state !== 'released') return false;
  return Object.hasOwn(NOTES, type) && NOTES[type].includes(by);
}

/** The last confirmation in the trail is the one the certificate speaks of. */
export function checkTrailConfirmed(material: AuthorizationMaterial): Finding {
  const { trail, parts, challengeDigest, sceneDigest, evidenceRoot } = material;
  const at = trail.findLastIndex(({ type }) => type === 'confirmed');
  const confirmed = trail[at];
  const challenged = trail.slice(0, Math.max(at, 0)).findLast(({ type }) => type === 'challenged');
  const ok =
    confirmed?.previous === parts.trail &&
    confirmed.data['evidenceRoot'] === evidenceRoot &&
    confirmed.data['challenge'] === challengeDigest &&
    challenged?.data['challenge'] === challengeDigest &&
    challenged.data['scene'] === sceneDigest;
  return check('trail-confirmed', ok, 'HASH_FAILURE');
}

/** The trail ends with the attempt that issued this very certificate, recorded before it was signed. */
export function checkTrailIssued(
  { trail }: AuthorizationMaterial,
  certificate: Certificate,
): Finding {
  const last = trail.at(-1);
  const ok =
    last?.type === 'attempt-issued' &&
    last.data['serial'] === certificate.serial &&
    last.data['tbs'] === sha256Hex(certificate.tbs);
  return check('trail-issued', ok, 'HASH_FAILURE');
}
