import {
  CHECK_FIELDS,
  DomainError,
  identityBinding,
  identityCommitments,
  isDomainError,
  toHex,
  type IdentityAnswer,
  type IdentityCheck,
  type IdentityProvider,
  type IdentityQuestion,
  type IdentityResult,
  type IdentityView,
  type RaRole,
} from '@mandate/core';
import { IDENTITY_POLICIES, type IdentityPolicyName } from '@mandate/terms';
import { passkeyOwner } from '../confirm/code.js';
import type { RaDeps } from '../confirm/challenge.js';
import { LIMITS, startOfDay } from '../deps.js';
import { inputOf } from './identity-input.js';
import { openSitting, type SittingLetter } from './identity-sitting.js';
import { recordResult } from './record-result.js';
import { askable, checksOf, identityStanding, usableResults } from './standing.js';

/** Which checks the letter's policy asks for, and how they stand. */
export async function identityView(
  deps: RaDeps,
  { authorizationId }: Parameters<RaRole['identity']>[0],
): Promise<IdentityView> {
  const { own, measures } = await openSitting(deps, authorizationId);
  const rows = await deps.record.identityResults(authorizationId);
  const usable = usableResults(rows, deps.identity, deps.clock.now());
  const standing = identityStanding(own.policy, measures, usable);
  const option = (check: IdentityCheck): IdentityView['steps'][number]['options'][number] => {
    const matched = usable.findLast(({ checkName }) => checkName === check);
    const provider = matched
      ? { ...matched, name: matched.provider }
      : deps.identity.find(({ checks }) => checks.includes(check));
    const refused = rows.findLast(({ checkName }) => checkName === check)?.outcome === 'mismatch';
    return {
      check,
      state: matched ? 'matched' : refused ? 'failed' : 'open',
      ...(provider && {
        provider: {
          name: provider.name,
          operator: provider.operator,
          simulated: provider.simulated,
        },
      }),
      input: inputOf(check),
      available: provider !== undefined,
    };
  };
  return {
    policy: own.policy,
    open: standing.missing.some((each) => each > 0),
    steps: IDENTITY_POLICIES[own.policy].requirements
      .map((requirement, i) => ({
        missing: standing.missing[i]!,
        options: checksOf(requirement).map(option),
      }))
      .filter(({ options }) => options.length > 0),
  };
}

/**
 * Asks one provider after another until one answers. Only what an answer says of the person counts against the
 * person: whoever is silent or answers badly is passed over. Throws as `RaRole.identify` says.
 */
export async function identify(
  deps: RaDeps,
  request: Parameters<RaRole['identify']>[0],
): Promise<IdentityView> {
  const { record, clock } = deps;
  const { check } = request;
  const sitting = await openSitting(deps, request.authorizationId);
  const { own, measures, subject } = sitting;
  const at = clock.now();
  const usable = usableResults(
    await record.identityResults(own.authorization.id),
    deps.identity,
    at,
  );
  const standing = identityStanding(own.policy, measures, usable);
  if (!askable(own.policy, standing).includes(check) || check === 'institution')
    throw new DomainError('step-out-of-order', 'this check is not asked for now');
  const values = valuesFor(check, subject, request.input);

  const owner = passkeyOwner(deps.secret, subject);
  const tries = triesOf(deps, `${sitting.countedBy}/${check}`, at);
  await tries.begin(owner);
  const letters = sitting.letters.filter((letter) => asksFor(letter.policy, check));
  let refused = false;
  try {
    const result = await askAll(deps, { check, idType: subject.idType, values, letters });
    refused = result.outcome === 'mismatch';
    await recordResult(deps, letters, result, owner);
  } finally {
    if (!refused) await tries.spare();
  }
  if (!refused) return identityView(deps, request);
  throw new DomainError('identity-failed', 'the provider did not confirm these details', {
    extensions: { triesLeft: await tries.left() },
  });
}

const asksFor = (policy: IdentityPolicyName, check: IdentityCheck): boolean =>
  IDENTITY_POLICIES[policy].requirements.some(({ of }) => of.includes(check));

/** What is compared, and nothing more, leaves the house. Throws `invalid-request`. */
function valuesFor(
  check: IdentityCheck,
  subject: { readonly name: string; readonly idNumber: string; readonly phone: string },
  input: string | undefined,
): IdentityQuestion['values'] {
  const kind = inputOf(check);
  if ((input === undefined) !== (kind === 'none'))
    throw new DomainError('invalid-request', `this check takes ${kind} of the subject`);
  if (kind === 'card' && !isCardNumber(input!))
    throw new DomainError('invalid-request', 'not the number of a bank card');
  const known: IdentityQuestion['values'] = {
    name: subject.name,
    idNumber: subject.idNumber,
    phone: subject.phone,
    ...(kind === 'none' ? {} : { [kind]: input! }),
  };
  return Object.fromEntries(CHECK_FIELDS[check].map((field) => [field, known[field]!]));
}

/** ISO/IEC 7812-1: 12 to 19 digits, the last one by Luhn's rule. */
export function isCardNumber(text: string): boolean {
  if (!/^\d{12,19}$/.test(text)) return false;
  const sum = [...text].reverse().reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/**
 * Refusals are counted by letter, so that a letter with somebody's number and another name locks nobody out of their
 * own; asking costs money, and can be used to try out other people's data: it is bounded by the person as well. A try
 * is taken before anything is asked. Counters only grow: what was no refusal grows another, and is allowed again.
 */
function triesOf({ record }: RaDeps, key: string, at: Date) {
  const windowStart = startOfDay(at);
  const [taken, spared] = ['challenges-identity-tries', 'challenges-identity-spared'] as const;
  const allowed = async (): Promise<number> =>
    LIMITS.identityMismatches + (await record.counted(spared, key, windowStart));
  const exhausted = (): DomainError =>
    new DomainError('identity-exhausted', 'this check was tried too often today', {
      extensions: { retryAfterSeconds: 24 * 3600 },
    });
  return {
    /** Throws `identity-exhausted`. */
    begin: async (owner: Uint8Array): Promise<void> => {
      const one = { scope: taken, key, windowStart, max: await allowed() };
      if (!(await record.count(one))) throw exhausted();
      const asked = { scope: 'challenges-identity', key: toHex(owner), windowStart };
      if (!(await record.count({ ...asked, max: LIMITS.identityQuestions }))) throw exhausted();
    },
    spare: () => record.count({ scope: spared, key, windowStart, max: LIMITS.identityQuestions }),
    left: async (): Promise<number> =>
      Math.max(0, (await allowed()) - (await record.counted(taken, key, windowStart))),
  };
}

async function askAll(
  deps: RaDeps,
  asked: {
    readonly check: IdentityCheck;
    readonly idType: string;
    readonly values: IdentityQuestion['values'];
    readonly letters: readonly SittingLetter[];
  },
): Promise<IdentityResult> {
  const { check, idType, values } = asked;
  const letters = asked.letters.map(({ authorization }) => authorization.letterDigest).sort();
  for (const provider of deps.identity) {
    if (!provider.checks.includes(check)) continue;
    // Fresh for each provider: none can hand on what another was asked.
    const nonce = toHex(deps.random.bytes(32));
    const once = toHex(deps.random.bytes(32));
    const compared = identityCommitments({ nonce, once }, values);
    const binding = identityBinding({ check, letters, nonce, compared });
    let answer: IdentityAnswer;
    try {
      answer = await provider.ask({ check, letters, nonce, once, binding, idType, values });
    } catch (error) {
      if (!isDomainError(error, 'identity-unavailable')) throw error;
      continue;
    }
    return resultOf(provider, { check, letters, nonce, compared, binding }, answer, deps);
  }
  throw new DomainError('identity-unavailable', 'nobody who could make this check answers');
}

const resultOf = (
  { name, operator, simulated }: IdentityProvider,
  asked: Pick<IdentityResult, 'check' | 'letters' | 'nonce' | 'compared' | 'binding'>,
  answer: IdentityAnswer,
  { clock }: RaDeps,
): IdentityResult => ({
  format: 'mandate-identity-result/v1',
  ...asked,
  provider: name,
  operator,
  simulated,
  outcome: answer.outcome,
  reference: answer.reference,
  checkedAt: answer.at,
  receivedAt: `${clock.now().toISOString().slice(0, 19)}Z`,
  ...(answer.numberAgeMonths === undefined ? {} : { numberAgeMonths: answer.numberAgeMonths }),
  receipt: answer.receipt,
});
