import {
  addSeconds,
  canonicalize,
  DomainError,
  isDomainError,
  kindDigest,
  newId,
  providerWord,
  toBase64Url,
  toUtcSeconds,
  type AgreementAct,
  type AgreementChallenge,
  type AgreementProof,
  type AgreementRefusal,
  type PasskeyCheck,
  type StaffSession,
} from '@mandate/core';
import type { AgreementRow, KeptAgreement } from './agreement-ports.js';
import { codeHolds, codeOf } from './coded-rows.js';
import type { RowMacs } from './row-macs.js';
import type { DoorDeps } from './sessions.js';
import { isLoginTold, isPasskeyTold, type ProviderLogin } from './told-account.js';

/** Seconds. */
const LIFE = 5 * 60;
/** How far the identity provider's clock may be behind ours, seconds. */
const SKEW = 60;

export type AgreementDeps = Pick<
  DoorDeps,
  'record' | 'clock' | 'random' | 'macs' | 'passkeys' | 'provider'
>;

/** What somebody agrees to: `digest` (64 hex) covers all that it says. */
export interface AgreedTo {
  readonly act: AgreementAct;
  /** Id of what is agreed to. */
  readonly subject: string;
  readonly digest: string;
}

/** What an answer is checked by once more. */
export interface AnswerChecks {
  readonly macs: RowMacs;
  readonly passkeys: Pick<PasskeyCheck, 'assertion'>;
}

/** As kept with the answer; base64url. */
interface PasskeyProof {
  readonly credentialId: string;
  readonly clientDataJSON: string;
  readonly authenticatorData: string;
  readonly signature: string;
}
/** What the identity provider's token said when role vault checked its signature. */
interface ProviderProof {
  readonly issuer: string;
  readonly subject: string;
  readonly nonce: string;
  readonly authTime: number;
  /** SHA-256 of the token, hex. */
  readonly token: string;
}

/**
 * Asks for somebody's own word over exactly that. The caller has checked that this person may agree to it. Throws
 * `agreement-refused`, `authority-unavailable`.
 */
export async function askAgreement(
  deps: AgreementDeps,
  session: StaffSession,
  { act, subject, digest }: AgreedTo,
): Promise<AgreementChallenge> {
  const { record, clock, random, macs, passkeys, provider } = deps;
  const means = session.means === 'oidc' ? ('oidc' as const) : ('passkey' as const);
  const madeAt = clock.now();
  const asked = {
    ...{ id: newId('agreement', clock, random), act, subject, digest },
    ...{ staffId: session.staff, sessionId: session.session, nonce: random.bytes(32), means },
    ...{ madeAt, endsAt: addSeconds(madeAt, LIFE), answeredAt: null, proof: null },
  } as const;
  await record.beginAgreement({ ...asked, mac: codeOf(macs, 'staff_agreements', asked) });
  const challenge = challengeOf(asked);
  const begun = { agreement: asked.id, endsAt: toUtcSeconds(asked.endsAt) };
  if (means === 'oidc') {
    if (!provider) throw notAgreed('agreement-unproven');
    const address = await provider.address(challenge, true);
    return { ...begun, address, state: providerWord('state', challenge) };
  }
  const passkey = await record.passkeyOf(session.staff);
  if (!passkey || !codeHolds(macs, 'staff_passkeys', passkey))
    throw notAgreed('agreement-unproven');
  return {
    ...begun,
    options: {
      ...{ challenge: toBase64Url(challenge), rpId: passkeys.rpId, userVerification: 'required' },
      // This person's alone: one device may hold those of several.
      allowCredentials: [{ type: 'public-key', id: toBase64Url(passkey.credentialId) }],
    },
  };
}

/**
 * Checks and keeps the answer: that person's, in the session that asked, over what is to be agreed to now, once. The row
 * that says they agreed names it, with its moment. Throws `agreement-refused`.
 */
export async function takeAgreement(
  deps: AgreementDeps,
  session: StaffSession,
  to: AgreedTo,
  proof: AgreementProof | undefined,
): Promise<{ readonly id: string; readonly at: Date }> {
  const { record, clock, macs } = deps;
  const asked = proof ? await record.agreement(proof.agreement) : null;
  const at = clock.now();
  if (
    !proof ||
    !asked ||
    !codeHolds(macs, 'staff_agreements', asked) ||
    asked.answeredAt !== null ||
    at >= asked.endsAt ||
    asked.staffId !== session.staff ||
    asked.sessionId !== session.session ||
    asked.act !== to.act ||
    asked.subject !== to.subject
  )
    throw notAgreed('agreement-over');
  if (asked.digest !== to.digest) throw notAgreed('agreement-changed');
  const said =
    asked.means === 'passkey'
      ? await byPasskey(deps, asked, proof)
      : await byProvider(deps, session, asked, proof);
  // Clocks of two processes of role vault may differ a little.
  const answeredAt = at < asked.madeAt ? asked.madeAt : at;
  const answered = { ...asked, answeredAt, proof: canonicalize(said) };
  const mac = codeOf(macs, 'staff_agreements', answered);
  const authTime = 'authTime' in said ? said.authTime : null;
  if (!(await record.answerAgreement({ ...answered, mac, authTime })))
    throw notAgreed('agreement-over');
  return { id: asked.id, at: answeredAt };
}

/**
 * Whether that person's authenticator said exactly this: by role vault's code, by what the answer is over, and, for a
 * passkey, by its signature once more.
 */
export async function agreementHolds(
  { macs, passkeys }: AnswerChecks,
  kept: KeptAgreement | undefined,
  to: AgreedTo & { readonly staffId: string; readonly sessionId: string; readonly at: Date },
): Promise<boolean> {
  if (!kept) return false;
  const { row, passkey } = kept;
  if (
    row.proof === null ||
    row.act !== to.act ||
    row.subject !== to.subject ||
    row.digest !== to.digest ||
    row.staffId !== to.staffId ||
    row.sessionId !== to.sessionId ||
    row.answeredAt?.getTime() !== to.at.getTime() ||
    !codeHolds(macs, 'staff_agreements', row)
  )
    return false;
  const challenge = challengeOf(row);
  if (row.means === 'oidc') {
    const { nonce } = JSON.parse(row.proof) as ProviderProof;
    return nonce === providerWord('nonce', challenge);
  }
  if (!passkey || passkey.staffId !== row.staffId || !codeHolds(macs, 'staff_passkeys', passkey))
    return false;
  const { credentialId: id, ...response } = JSON.parse(row.proof) as PasskeyProof;
  // The counter was compared when the answer came.
  const key = { ...passkey, counter: 0 };
  const answer = { id, rawId: id, type: 'public-key', response } as const;
  return (await proven(passkeys.assertion(answer, challenge, key))) !== null;
}

/** Who the identity provider said it was; null: a passkey answered. Only of an answer that holds. */
export const providerSaid = ({ means, proof }: AgreementRow): ProviderLogin | null =>
  means === 'oidc' ? (JSON.parse(proof!) as ProviderProof) : null;

/** What the answer is over: WebAuthn challenge, or that from which the provider's nonce is drawn; 32 bytes. */
const challengeOf = (
  row: Omit<AgreementRow, 'mac' | 'answeredAt' | 'proof' | 'endsAt' | 'madeAt'>,
): Uint8Array =>
  kindDigest('agreement', {
    ...{ id: row.id, act: row.act, subject: row.subject, agreed: row.digest },
    ...{ staff: row.staffId, session: row.sessionId, nonce: toBase64Url(row.nonce) },
  });

async function byPasskey(
  { record, macs, passkeys }: AgreementDeps,
  asked: AgreementRow,
  proof: AgreementProof,
): Promise<PasskeyProof> {
  const answer = 'answer' in proof ? proof.answer : null;
  const passkey = await record.passkeyOf(asked.staffId);
  if (
    !answer ||
    !passkey ||
    !codeHolds(macs, 'staff_passkeys', passkey) ||
    answer.id !== toBase64Url(passkey.credentialId) ||
    !(await isPasskeyTold({ record, macs }, passkey))
  )
    throw notAgreed('agreement-unproven');
  const held = await proven(passkeys.assertion(answer, challengeOf(asked), passkey));
  if (!held || !(await record.moveCounter(passkey, held.counter)))
    throw notAgreed('agreement-unproven');
  const { clientDataJSON, authenticatorData, signature } = answer.response;
  return { credentialId: answer.id, clientDataJSON, authenticatorData, signature };
}

async function byProvider(
  { record, macs, provider }: AgreementDeps,
  { authTime: cameIn }: StaffSession,
  asked: AgreementRow,
  proof: AgreementProof,
): Promise<ProviderProof> {
  if (!provider || !('query' in proof)) throw notAgreed('agreement-unproven');
  const word = await proven(provider.signedIn(proof.query, challengeOf(asked)));
  const login = word && (await record.login(provider.issuer, word.subject));
  if (
    !login ||
    !codeHolds(macs, 'staff_logins', login) ||
    login.staffId !== asked.staffId ||
    !(await isLoginTold({ record, macs }, login)) ||
    // Who signed in a while ago has said nothing about this.
    word.authTime * 1000 < asked.madeAt.getTime() - SKEW * 1000 ||
    // Each time the person shows the provider who they are serves once: the desk could have it say the last one again.
    cameIn === undefined ||
    word.authTime <= Math.max(cameIn, (await record.lastAuthTime(asked.staffId)) ?? 0)
  )
    throw notAgreed('agreement-unproven');
  return { issuer: provider.issuer, ...word };
}

/** Null: the answer does not hold. */
async function proven<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (!isDomainError(error, 'passkey-invalid', 'unauthenticated')) throw error;
    return null;
  }
}

export const notAgreed = (why: AgreementRefusal): DomainError =>
  new DomainError('agreement-refused', why, { extensions: { why } });
