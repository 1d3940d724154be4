import {
  isDomainError,
  kindDigestHex,
  sha256Hex,
  toHex,
  toUtcSeconds,
  type ConfirmationParts,
  type DigestKind,
  type Scene,
  type TrailEvent,
} from '@mandate/core';
import type { AuthorizationRow } from '../ports.js';
import { entryText, type LedgerEntry } from '@mandate/ledger';
import { scopeDigest, type UseScope } from '@mandate/terms';
import type { Expected } from './check-entries.js';
import type { AuthorizationRows } from './reconcile-ports.js';
import type { Found } from './record-problem.js';

interface Looking {
  readonly all: AuthorizationRows;
  readonly authorization: AuthorizationRow;
  readonly events: readonly TrailEvent[];
  readonly found: Found;
  readonly expect: Expected;
}

const ofType = (events: readonly TrailEvent[], type: TrailEvent['type']) =>
  events.filter((event) => event.type === type).map(({ data, at }) => ({ at, ...data }) as Data);
type Data = Readonly<Record<string, unknown>> & { at: string };

/** From the request to the signature: each row against the event that names its digest. */
export function checkCeremony(looking: Looking): void {
  checkRequest(looking);
  const scenes = checkChallenges(looking);
  checkConfirmations(looking);
  checkAttempts(looking, scenes);
  checkScope(looking);
}

function checkRequest({ all, authorization, events, found }: Looking): void {
  const { id, templateId, templateVersion, termsDigest, letterDigest } = authorization;
  const [requested] = ofType(events, 'requested');
  if (
    requested?.['terms'] !== termsDigest ||
    requested['letter'] !== letterDigest ||
    requested['template'] !== `${templateId}/${templateVersion}`
  )
    found('request-changed', id);
  const boxes = all.personalData.map(({ field }) => field);
  const needed = events.flatMap(({ type, version }) =>
    type === 'requested' ? ['terms'] : type === 'presented' ? [`presentation/${version}`] : [],
  );
  if (needed.some((field) => !boxes.includes(field))) found('data-missing', id);
}

/** Resolves to the scene digests by challenge id. */
function checkChallenges({ all, authorization, events, found }: Looking): Map<string, string> {
  const { id, institutionId, letterDigest } = authorization;
  const rows = all.challenges;
  const made = ofType(events, 'challenged');
  if (rows.length !== made.length) found('challenge-changed', id);
  for (const row of rows) {
    const { sceneDigest, serverNonce, digest } = row;
    const event = made.find((one) => one['challenge'] === digest);
    const scene = read<Scene>(row.scene);
    if (
      event?.['scene'] !== sceneDigest ||
      event['serverNonce'] !== serverNonce ||
      event['ordinal'] !== row.ordinal ||
      event.at !== row.madeAt.toISOString() ||
      !scene ||
      kindDigestHex('scene', scene) !== sceneDigest ||
      scene.institution.id !== institutionId ||
      kindDigestHex('challenge', { letterDigest, sceneDigest, serverNonce }) !== digest
    )
      found('challenge-changed', row.id);
  }
  if (made.length > 0 && all.subjectIndex.length !== 1) found('subject-hidden', id);
  return new Map(rows.map((row) => [row.id, row.sceneDigest]));
}

const RECORDS = [
  ['codeRecord', 'code-record'],
  ['passkey', 'passkey'],
  ['delivery', 'delivery'],
] as const satisfies readonly (readonly [string, DigestKind])[];

function checkConfirmations({ all, authorization, events, found }: Looking): void {
  const rows = all.confirmations;
  const made = ofType(events, 'confirmed');
  if (rows.length !== made.length) found('confirmation-changed', authorization.id);
  for (const row of rows) {
    const parts = read<ConfirmationParts>(row.parts);
    const challenge = all.challenges.find(({ id }) => id === row.challengeId);
    const event = made.find((one) => one['challenge'] === challenge?.digest);
    const before = all.events.find(({ version }) => version === row.trailVersion - 1);
    const good =
      parts !== null &&
      // the whole trail so far is under the certificate, by this digest
      parts.trail === before?.digest &&
      event?.at === row.confirmedAt.toISOString() &&
      event['evidenceRoot'] === row.evidenceRoot &&
      event['visit'] === row.visitId &&
      kindDigestHex('parts', parts) === row.evidenceRoot &&
      parts.terms === authorization.termsDigest &&
      parts.letter === authorization.letterDigest &&
      parts.publicKey === sha256Hex(row.publicKey) &&
      parts.proofOfPossession === sha256Hex(row.proof) &&
      RECORDS.every(([name, kind]) => {
        const record = row[name] === null ? null : read<object>(row[name]);
        return parts[name] === (record ? kindDigestHex(kind, record) : undefined);
      });
    if (!good) found('confirmation-changed', row.challengeId);
  }
}

function checkAttempts(looking: Looking, scenes: ReadonlyMap<string, string>): void {
  const { all, authorization, events, found, expect } = looking;
  const { id, letterDigest: letter } = authorization;
  const rows = all.attempts;
  const issued = ofType(events, 'attempt-issued');
  const [signed] = ofType(events, 'signed');
  if (rows.length !== issued.length) found('attempt-changed', id);
  for (const row of rows) {
    const serial = toHex(row.serial);
    const event = issued.find((one) => one['attempt'] === row.id);
    const tbs = toHex(row.tbsDigest);
    if (
      event?.['serial'] !== serial ||
      event['tbs'] !== tbs ||
      event['publicKey'] !== toHex(row.keyDigest) ||
      event.at !== row.createdAt.toISOString() ||
      (row.state === 'committed') !== (signed?.['attempt'] === row.id)
    )
      found('attempt-changed', row.id);
    const at = toUtcSeconds(row.createdAt);
    expect.entry(`intent:${serial}`, { kind: 'intent', at, serial, tbs, profile: row.profile });
    if (row.state === 'voided' && row.voidedAt)
      expect.entry(`void:${serial}`, {
        ...{ kind: 'void', at: toUtcSeconds(row.voidedAt), serial, reason: row.voidReason! },
      });
    if (row.state !== 'committed' || !signed) continue;
    expect.entry(`letter:${id}`, {
      kind: 'letter',
      at: toUtcSeconds(new Date(signed.at)),
      serial: signed['serial'] as string,
      signature: signed['signature'] as string,
      letter,
      scene: scenes.get(row.challengeId) ?? '',
      bundle: signed['bundle'] as string,
    });
    checkArchives(looking, serial);
  }
  if (signed && !rows.some(({ state }) => state === 'committed')) found('attempt-changed', id);
}

/** The generation before the first is the signed letter, whose digest only the bundle holds. */
function checkArchives({ all, authorization, expect }: Looking, serial: string): void {
  let previous: string | undefined;
  for (const { generation, digest, madeAt } of all.archives) {
    expect.entry(`renewal:${authorization.id}:${generation}`, {
      kind: 'renewal',
      at: toUtcSeconds(madeAt),
      serial,
      generation,
      letter: digest,
      ...(previous === undefined ? {} : { previous }),
    });
    previous = digest;
  }
}

function checkScope({ all, authorization, events, found }: Looking): void {
  const [signed] = ofType(events, 'signed');
  const rows = all.scopes;
  if (rows.length !== (signed ? 1 : 0)) found('scope-changed', authorization.id);
  for (const row of rows) {
    const scope = {
      format: 'mandate-scope/v1',
      ...{ purpose: row.purpose, items: row.items, sources: row.sources },
      recipients: row.recipients,
      from: toUtcSeconds(row.fromAt),
      end: toUtcSeconds(row.endAt),
      ...{ endEvent: row.endEvent, maxUses: row.maxUses, per: row.per },
    } as UseScope;
    const digest = scopeDigest(scope);
    if (
      digest !== row.digest ||
      digest !== signed?.['scope'] ||
      row.endAt.getTime() !== authorization.endAt.getTime()
    )
      found('scope-changed', authorization.id);
  }
}

/** Null when it is not JSON. */
export function read<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}

/** Null where the record says something no entry can say. */
export function possibleText(entry: object): string | null {
  try {
    return entryText({ format: 'mandate-entry/v1', ...entry } as LedgerEntry);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return null;
  }
}
