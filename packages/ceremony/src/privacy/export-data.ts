import {
  toUtcSeconds,
  type AccessEntry,
  type Clock,
  type PresentationRecord,
  type TrailEvent,
  type VaultRole,
} from '@mandate/core';
import type { Terms } from '@mandate/terms';
import { idImageView, type IdImageView } from '../id-images/id-image-view.js';
import { openPresentation, openTerms } from '../letter-box.js';
import type { AuthorizationRow, WebRecord } from '../ports.js';
import { holdView, type HoldView } from '../use/hold.js';
import { listRedemptions, type ListedRedemption } from '../use/redeem.js';
import { readableExport, type ReadableSection } from './readable-export.js';
import { privacyView, type PrivacyView } from './restrict.js';

/** More uses and openings than any one authorization has. */
const MOST_USES = 5000;

/** Everything held about one subject under one authorization (个人信息保护法 art. 45). */
export interface DataExport {
  readonly format: 'mandate-export/v1';
  readonly exportedAt: string;
  readonly authorization: {
    readonly id: string;
    readonly state: AuthorizationRow['state'];
    readonly letterNumber: string;
    readonly letterDigest: string;
    readonly requestedAt: string;
    readonly endAt: string;
  };
  /** As signed, salt included: with it every commitment about them can be opened. */
  readonly terms: Terms;
  /** What was recorded of reading: an indication of what was on screen. */
  readonly presentations: readonly { readonly at: string; readonly record: PresentationRecord }[];
  readonly uses: readonly ListedRedemption[];
  /** To whom which members of the subject were handed out. */
  readonly releases: readonly {
    readonly id: string;
    readonly redemption: string;
    readonly recipient: string;
    readonly fields: readonly string[];
    readonly at: string;
  }[];
  readonly withdrawal: {
    readonly at: string;
    readonly by: string;
    readonly channel: string;
  } | null;
  readonly holds: readonly HoldView[];
  readonly end: { readonly event: string; readonly happenedAt: string } | null;
  readonly privacy: PrivacyView;
  /** Pictures of the identity document, without the pictures: those are on the subject's page while they are kept. */
  readonly idImages: readonly IdImageView[];
  /** Who opened the data, when and what for, this export included. */
  readonly accesses: readonly AccessEntry[];
  readonly trail: readonly {
    readonly at: string;
    readonly type: string;
    readonly digest: string;
  }[];
  /** The same to be read by people, in the letter's language. */
  readonly readable: readonly ReadableSection[];
}

export interface ExportDeps {
  readonly clock: Clock;
  readonly record: WebRecord;
  readonly vault: Pick<VaultRole, 'unwrap' | 'accesses'>;
}

/**
 * The subject's copy. Under a restriction on the subject's own pages alone: it is the subject's own right.
 * Throws `erased`, `restricted`.
 * @param actor as it stands in the access register, e.g. `own:own_…` or `institution:ins_…/logged-in/REF`
 */
export async function exportData(
  deps: ExportDeps,
  authorization: AuthorizationRow,
  actor: string,
): Promise<DataExport> {
  const { record, vault, clock } = deps;
  const { id } = authorization;
  const now = clock.now();
  const opening = { authorizationId: id, purpose: 'export', actor } as const;
  const { dataKey } = await vault.unwrap(opening);
  const terms = openTerms(dataKey, id, await record.personalData(id, 'terms'));
  const presentations = (await record.presentations(id)).map((row) => ({
    at: toUtcSeconds(row.at),
    record: openPresentation(dataKey, id, row),
  }));
  const condition = await record.condition(id, now);
  // read with the key that was just opened: one export is one entry in the register
  const uses = condition.scope
    ? await listRedemptions(
        { record, clock, vault: { unwrap: async () => ({ dataKey }) } },
        { authorizationId: id, actor, limit: MOST_USES },
      )
    : [];
  const { withdrawal, end } = condition;
  const whole: Omit<DataExport, 'readable'> = {
    format: 'mandate-export/v1',
    exportedAt: toUtcSeconds(now),
    authorization: {
      id,
      state: authorization.state,
      letterNumber: authorization.letterNumber,
      letterDigest: authorization.letterDigest,
      requestedAt: toUtcSeconds(authorization.createdAt),
      endAt: toUtcSeconds(authorization.endAt),
    },
    terms,
    presentations,
    uses,
    releases: (await record.releases(id)).map((row) => ({
      id: row.id,
      redemption: row.redemptionId,
      recipient: row.recipient,
      fields: row.fields,
      at: toUtcSeconds(row.at),
    })),
    withdrawal: withdrawal && {
      at: toUtcSeconds(withdrawal.at),
      by: withdrawal.by,
      channel: withdrawal.channel,
    },
    holds: (await record.holds(id)).map(holdView),
    end: end && { event: end.event, happenedAt: toUtcSeconds(end.happenedAt) },
    privacy: privacyView(id, await record.privacy(id)),
    idImages: (await record.idImages(id)).map(idImageView),
    accesses: (await vault.accesses({ authorizationId: id })).entries,
    trail: (await record.trail(id)).map(({ body, digest }) => {
      const { at, type } = JSON.parse(body) as TrailEvent;
      return { at, type, digest };
    }),
  };
  return { ...whole, readable: readableExport(whole) };
}
