import {
  bytesEqual,
  canonicalBytes,
  CHECK_FIELDS,
  identityBinding,
  identityCommitments,
  kindDigestHex,
  type IdentityField,
  type IdentityResult,
  type SceneIdentity,
} from '@mandate/core';
import { IDENTITY_POLICIES, IDENTITY_POLICY_NAMES, PASSKEY_AGE_SECONDS } from '@mandate/terms';
import { check } from '../finding.js';
import type { AuthorizationMaterial } from '../material/authorization-material.js';
import type { Trust } from '../trust.js';
import type { Finding, IdentityFacts } from '../verification.js';
import { checkReceipts, checkSignatures, receiptState, vouchedBy } from './identity-receipts.js';

/** Clocks of two houses, milliseconds. */
const SKEW = 300_000;

const digestOf = (result: IdentityResult): string => kindDigestHex('identity-result', result);

/**
 * What the scene asked of the person was shown, before the confirmation, for this letter and this person, by whom
 * the receipts name. Nothing where the scene asks for nothing.
 */
export function checkIdentity(material: AuthorizationMaterial, trust: Trust): Finding[] {
  const { scene, identity } = material;
  if (!scene.identity && !identity) return [];
  const results = identity?.results ?? [];
  const named = scene.identity?.results ?? [];
  const same =
    scene.identity !== undefined &&
    identity !== null &&
    named.length === results.length &&
    named.every(
      ({ check: name, digest }, i) =>
        results[i]!.check === name && digestOf(results[i]!) === digest,
    );
  return [
    check('identity-results', same, 'HASH_FAILURE'),
    checkMet(material),
    check(
      'identity-letter',
      results.every((it) => isOfLetter(it, scene.letterDigest)),
      'HASH_FAILURE',
    ),
    check(
      'identity-subject',
      results.every((it) => isOfSubject(it, material)),
      'HASH_FAILURE',
    ),
    checkTimes(material),
    checkReceipts(results, scene),
    checkSignatures(results, trust),
    check(
      'identity-simulated',
      !results.some(({ simulated }) => simulated),
      'SIG_CONSTRAINTS_FAILURE',
    ),
  ];
}

/** The policy is one of those that are known, word for word: a scene cannot make one up, nor soften one. */
function isKnownPolicy({ policy, requirements, freshSeconds }: SceneIdentity): boolean {
  const known = IDENTITY_POLICY_NAMES.find((name) => name === policy);
  return (
    known !== undefined &&
    bytesEqual(
      canonicalBytes({ requirements, freshSeconds }),
      canonicalBytes(IDENTITY_POLICIES[known]),
    )
  );
}

/** Every requirement by positive results and by the measures that answered the challenge. */
function checkMet(material: AuthorizationMaterial): Finding {
  const { scene, identity, codeRecord } = material;
  const shown: readonly string[] = [
    ...(codeRecord ? ['sms-code'] : []),
    ...(passkeyCounts(material) ? ['passkey'] : []),
    ...(identity?.results ?? []).flatMap((it) => (it.outcome === 'match' ? [it.check] : [])),
  ];
  const requirements = scene.identity?.requirements ?? [];
  const met =
    scene.identity !== undefined &&
    isKnownPolicy(scene.identity) &&
    requirements.length > 0 &&
    requirements.every(({ need, of }) => of.filter((each) => shown.includes(each)).length >= need);
  return check('identity-met', met, 'SIG_CONSTRAINTS_FAILURE', {
    policy: scene.identity?.policy ?? '',
  });
}

/** Registered and used with the same code it shows no more than the code; `passkey-registration` binds the time. */
function passkeyCounts({ passkey, trail }: AuthorizationMaterial): boolean {
  const confirmed = trail.findLast(({ type }) => type === 'confirmed');
  if (!passkey || !confirmed) return false;
  const age = Date.parse(confirmed.at) - Date.parse(passkey.registration.at);
  return age >= PASSKEY_AGE_SECONDS * 1000;
}

const isOfLetter = (result: IdentityResult, letter: string): boolean =>
  result.letters.includes(letter) && identityBinding(result) === result.binding;

/** What the letter says of the person is what was compared; a card or session only the provider has seen. */
function isOfSubject(
  { check: name, nonce, compared }: IdentityResult,
  { terms }: AuthorizationMaterial,
) {
  const { name: fullName, idNumber, phone } = terms.subject;
  const expected = identityCommitments({ nonce, once: nonce }, { name: fullName, idNumber, phone });
  const fields = CHECK_FIELDS[name];
  return (
    Object.keys(compared).length === fields.length &&
    fields.every((field: IdentityField) => {
      const value = compared[field];
      return value !== undefined && (expected[field] === undefined || expected[field] === value);
    })
  );
}

/** Recorded before the challenge that was answered, and still fresh when it was. */
function checkTimes({ scene, identity, trail }: AuthorizationMaterial): Finding {
  const confirmed = trail.findLast(({ type }) => type === 'confirmed');
  const challenged = trail.findLastIndex(({ type }) => type === 'challenged');
  const life = (scene.identity?.freshSeconds ?? 0) * 1000;
  const ordered = (identity?.results ?? []).every((result) => {
    const noted = trail.findIndex(
      ({ type, data }) => type === 'identity-checked' && data['result'] === digestOf(result),
    );
    const checked = Date.parse(result.checkedAt);
    const received = Date.parse(result.receivedAt);
    const age = received - checked;
    return (
      noted >= 0 &&
      noted < challenged &&
      received <= Date.parse(scene.frozenAt) &&
      age >= -SKEW &&
      age <= (result.check === 'institution' ? life : SKEW) &&
      confirmed !== undefined &&
      Date.parse(confirmed.at) < checked + life
    );
  });
  return check('identity-times', ordered, 'TIMESTAMP_ORDER_FAILURE');
}

/** For the report; nothing where the scene asks for nothing. */
export function identityFacts(
  { scene, identity }: AuthorizationMaterial,
  trust: Trust,
): IdentityFacts | undefined {
  if (!scene.identity) return undefined;
  return {
    policy: scene.identity.policy,
    checks: (identity?.results ?? []).map((result) => {
      const { check: name, provider, operator, simulated, outcome, checkedAt, reference } = result;
      const receipt = receiptState(result, trust);
      return {
        check: name,
        ...{ provider, operator, simulated, outcome, checkedAt, reference },
        ...(result.numberAgeMonths === undefined
          ? {}
          : { numberAgeMonths: result.numberAgeMonths }),
        receipt: receipt === 'bad' ? 'none' : receipt,
        ...(name === 'institution' ? vouchedBy(result) : {}),
      };
    }),
  };
}
