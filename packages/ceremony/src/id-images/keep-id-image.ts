import {
  addSeconds,
  DomainError,
  newId,
  toHex,
  toUtcSeconds,
  type RedrawImage,
  type VaultRole,
} from '@mandate/core';
import type { StepDeps } from '../deps.js';
import type { IdImageRecord, IdImageRow } from '../ports/id-image.js';
import { openTerms } from '../letter-box.js';
import type { AuthorizationRow, WebRecord } from '../ports.js';
import { sealIdImage } from './id-image-box.js';
import { idImageView, type IdImageView } from './id-image-view.js';
import { watermarkLines } from './watermark-lines.js';

export interface KeepIdImageDeps extends StepDeps {
  readonly record: IdImageRecord & Pick<WebRecord, 'personalData'>;
  readonly vault: Pick<VaultRole, 'unwrap' | 'imageKey'>;
  readonly redraw: RedrawImage;
  readonly days: IdImageDays;
}

/** For how many days a picture is kept where nothing is said, and at most. */
export interface IdImageDays {
  readonly usual: number;
  readonly most: number;
}

/**
 * Keeps a picture of the subject's identity document: drawn anew in a process of its own with its purpose over it,
 * encrypted, until a moment that is said now. The original is written nowhere and gone with the answer. Throws
 * `image-refused`, `image-limit`, `source-mismatch`, `invalid-request` for more days than may be, and what else keeps
 * a picture from being kept: `illegal-transition` while the subject is signing and once it was refused or lapsed,
 * `withdrawn`, `authorization-ended`, `restricted`, `erased`.
 */
export async function keepIdImage(
  deps: KeepIdImageDeps,
  input: Pick<IdImageRow, 'by' | 'reason' | 'side'> & {
    authorization: AuthorizationRow;
    bytes: Uint8Array;
    /** Credit code of the letter's source that demands it. */
    source?: string | undefined;
    days?: number | undefined;
    /** As it stands in the access register, e.g. `institution:ins_…`. */
    actor: string;
    idempotencyKey?: string | undefined;
  },
): Promise<IdImageView> {
  const { record, vault, clock, random } = deps;
  const { authorization, by, reason, side, source, actor } = input;
  const authorizationId = authorization.id;
  const days = input.days ?? deps.days.usual;
  if (days > deps.days.most)
    throw new DomainError('invalid-request', `days: at most ${deps.days.most}`);
  if ((reason === 'source-demand') !== (source !== undefined))
    throw new DomainError('invalid-request', 'source: exactly where a source demands the picture');
  await record.checkIdImage(authorizationId, clock.now());

  const { dataKey } = await vault.unwrap({ authorizationId, purpose: 'keep-id-image', actor });
  const terms = openTerms(
    dataKey,
    authorizationId,
    await record.personalData(authorizationId, 'terms'),
  );
  const asking = terms.sources.find(({ creditCode }) => creditCode === source);
  if (source && !asking)
    throw new DomainError('source-mismatch', 'not a source of this authorization');
  const mark = await watermarkLines(terms, toUtcSeconds(clock.now()), asking?.name);
  const { jpeg, width, height } = await deps.redraw(input.bytes, mark);

  const id = newId('idImage', clock, random);
  const imageKey = await vault.imageKey({ authorizationId, imageId: id, actor, make: true });
  const { box, content } = sealIdImage(imageKey.dataKey, { id, authorizationId }, jpeg, random);
  const at = clock.now();
  const row = await record.addIdImage(
    {
      ...{ id, authorizationId, by, reason, source: source ?? null, side, width, height },
      ...{ size: jpeg.length, content, salt: toHex(random.bytes(32)), box },
      keepUntil: addSeconds(at, days * 86_400),
    },
    at,
    (made) => ({
      id: made.id,
      by: made.by,
      reason: made.reason,
      ...(made.source ? { source: made.source } : {}),
      content: made.content,
      keepUntil: toUtcSeconds(made.keepUntil),
    }),
    input.idempotencyKey
      ? { key: input.idempotencyKey, status: 201, body: idImageView }
      : undefined,
  );
  return idImageView(row);
}
