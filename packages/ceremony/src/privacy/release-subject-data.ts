import {
  canonicalize,
  commitment,
  decrypt,
  DomainError,
  encrypt,
  fromUtf8,
  newId,
  parseRecipientJwk,
  sealMessage,
  sha256Hex,
  toBase64Url,
  toHex,
  toUtcSeconds,
  utf8,
  type SealRole,
  type VaultRole,
} from '@mandate/core';
import { pickSubject, subjectFieldsFor, type SubjectField } from '@mandate/terms';
import type { StepDeps } from '../deps.js';
import { openTerms } from '../letter-box.js';
import type { AuthorizationRow, Institution, WebRecord } from '../ports.js';
import type { ReleaseRow } from '../ports/privacy.js';
import { factDigest, factEntry, releaseFact } from '../use/use-facts.js';

export interface ReleaseDeps extends StepDeps {
  readonly record: WebRecord;
  readonly vault: Pick<VaultRole, 'unwrap'>;
  readonly seal: Pick<SealRole, 'receipt'>;
}

export interface ReleaseView {
  readonly release: string;
  readonly authorization: string;
  readonly redemption: string;
  readonly recipient: { readonly creditCode: string };
  /** Thumbprint of the key that opens it. */
  readonly key: string;
  readonly fields: readonly string[];
  /** JWE compact serialization. */
  readonly sealed: string;
  /** Compact JWS. */
  readonly receipt: string;
  readonly timestamp: string | null;
  readonly at: string;
}

/**
 * Hands the subject's data out for one use, sealed for the recipient of that use: whoever carries the answer, a seller
 * or the caller itself, reads nothing. Once for each use; repeated it is the same message. The access entry is written
 * before the vault opens anything. Throws `not-found`, `illegal-transition` while the use is not confirmed, `withdrawn`,
 * `on-hold`, `authorization-ended`, `restricted`, `erased`, `recipient-key-missing`, `scope-exceeded` for members that
 * the use's items do not need, `guard-refused` when other members were released for it before.
 */
export async function releaseSubjectData(
  deps: ReleaseDeps,
  input: {
    authorization: AuthorizationRow;
    institution: Institution;
    redemptionId: string;
    /** Fewer than the items need; default: those. */
    fields?: readonly SubjectField[] | undefined;
  },
): Promise<ReleaseView> {
  const { record, clock, random } = deps;
  const { authorization, institution } = input;
  const use = await record.redemption(authorization.id, input.redemptionId);
  await record.checkRelease(use.id, clock.now());
  const needed = subjectFieldsFor(use.items);
  const beyond = input.fields?.find((field) => !needed.includes(field));
  if (beyond) throw new DomainError('scope-exceeded', `fields: the items do not need ${beyond}`);
  const fields = needed.filter((field) => input.fields?.includes(field) ?? true);
  if (fields.length === 0) throw new DomainError('invalid-request', 'fields: name at least one');

  const open = async (): Promise<Uint8Array> =>
    (
      await deps.vault.unwrap({
        authorizationId: authorization.id,
        purpose: 'subject-data',
        actor: `institution:${institution.id}/${use.id}`,
      })
    ).dataKey;
  const before = await record.release(use.id);
  if (before) return view(deps, before, fields, await open());

  const key = await record.recipientKey(use.recipient, clock.now());
  if (!key)
    throw new DomainError('recipient-key-missing', 'the recipient has no valid key registered');
  const dataKey = await open();
  const terms = openTerms(
    dataKey,
    authorization.id,
    await record.personalData(authorization.id, 'terms'),
  );
  const content = canonicalize({
    format: 'mandate-subject-data/v1',
    authorization: authorization.id,
    redemption: use.id,
    letterNumber: authorization.letterNumber,
    purpose: use.purpose,
    source: use.source,
    recipient: use.recipient,
    items: [...use.items],
    subject: pickSubject(terms.subject, fields),
  });
  const sealed = sealMessage(
    parseRecipientJwk(JSON.parse(key.jwk)),
    utf8(content),
    { typ: 'mandate-subject-data+jwe', redemption: use.id },
    random,
  );
  const id = newId('release', clock, random);
  const salt = random.bytes(32);
  const row = await record.addRelease(
    {
      id,
      authorizationId: authorization.id,
      redemptionId: use.id,
      recipient: use.recipient,
      keyId: key.id,
      fields,
      content: toHex(commitment(salt, 'subject-data', content)),
      sealed: sha256Hex(utf8(sealed)),
      box: encrypt(
        dataKey,
        utf8(canonicalize({ sealed, salt: toHex(salt) })),
        boxContext(id),
        random,
      ),
    },
    clock.now(),
    (locked, made) => {
      const fact = factDigest(releaseFact(locked, made));
      return {
        ...factEntry('access', locked, { at: made.at, fact }),
        data: { id: made.id, redemption: made.redemptionId, fields: [...made.fields], fact },
      };
    },
  );
  return view(deps, row, fields, dataKey);
}

const boxContext = (id: string): string => `subject_releases/${id}`;

async function view(
  deps: ReleaseDeps,
  row: ReleaseRow,
  fields: readonly string[],
  dataKey: Uint8Array,
): Promise<ReleaseView> {
  if (row.fields.join() !== fields.join())
    throw new DomainError('guard-refused', 'other members were released for this use before');
  const { sealed } = JSON.parse(fromUtf8(decrypt(dataKey, row.box, boxContext(row.id)))) as {
    sealed: string;
  };
  if (sha256Hex(utf8(sealed)) !== row.sealed)
    throw new DomainError('object-corrupt', 'the sealed message has another digest');
  const receipt = await deps.seal.receipt({ factId: row.id });
  const header = JSON.parse(Buffer.from(sealed.split('.')[0]!, 'base64url').toString('utf8')) as {
    kid: string;
  };
  return {
    release: row.id,
    authorization: row.authorizationId,
    redemption: row.redemptionId,
    recipient: { creditCode: row.recipient },
    key: header.kid,
    fields: row.fields,
    sealed,
    receipt: receipt.jws,
    timestamp: receipt.token && toBase64Url(receipt.token),
    at: toUtcSeconds(row.at),
  };
}
