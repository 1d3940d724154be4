import { DomainError, type State, type TrailEvent } from '@mandate/core';
import type {
  AuthorizationRow,
  PrivacyState,
  TemplateStatus,
  UseCondition,
} from '@mandate/ceremony';
import { guarded, type Database } from '../connect.js';
import { privacyReads } from '../persons/privacy-rows.js';
import { AUTHORIZATION_COLUMNS, commonReads } from './reads.js';
import { useReads } from './use-reads.js';

/** What the operator sees of an authorization without opening anything: no name, no number, not even masked. */
export interface SeenAuthorization {
  readonly authorization: AuthorizationRow;
  readonly institution: string;
  readonly template: string;
  readonly trail: readonly { readonly at: string; readonly type: string }[];
  readonly condition: UseCondition;
  readonly privacy: PrivacyState;
  /** Openings of the personal data, by purpose. */
  readonly openings: Readonly<Record<string, number>>;
}

/** With the owner's login; reads of the `mandate` command. */
export const operatorReads = (owner: Database) => ({
  /** By id or letter number. Throws `not-found`. */
  seeAuthorization: async (name: string, at: Date): Promise<SeenAuthorization> => {
    const authorization = await guarded(() =>
      owner
        .selectFrom('authorizations')
        .select(AUTHORIZATION_COLUMNS)
        .where((e) => e.or([e('id', '=', name), e('letterNumber', '=', name)]))
        .executeTakeFirst(),
    );
    if (!authorization) throw new DomainError('not-found', 'no such authorization');
    const { id, institutionId, templateId, templateVersion } = authorization;
    const reads = commonReads(owner);
    const accesses = await guarded(() =>
      owner.selectFrom('accessEntries').select('body').where('authorizationId', '=', id).execute(),
    );
    const openings: Record<string, number> = {};
    for (const { body } of accesses) {
      const { purpose } = JSON.parse(body) as { purpose: string };
      openings[purpose] = (openings[purpose] ?? 0) + 1;
    }
    const template = await reads.template(templateId, templateVersion);
    return {
      authorization,
      institution: (await reads.institution(institutionId)).name,
      template: `${template.name} v${template.version}`,
      trail: (await reads.trail(id)).map(({ body }) => {
        const event = JSON.parse(body) as TrailEvent;
        return { at: event.at, type: event.type };
      }),
      condition: await useReads(owner).condition(id, at),
      privacy: await privacyReads(owner).privacy(id),
      openings,
    };
  },

  /** Newest first. */
  searchAuthorizations: (query: {
    institutionId?: string | undefined;
    state?: State | undefined;
    businessReference?: string | undefined;
    since?: Date | undefined;
    until?: Date | undefined;
    limit: number;
  }): Promise<readonly AuthorizationRow[]> =>
    guarded(() =>
      owner
        .selectFrom('authorizations')
        .select(AUTHORIZATION_COLUMNS)
        .$if(query.institutionId !== undefined, (q) =>
          q.where('institutionId', '=', query.institutionId!),
        )
        .$if(query.state !== undefined, (q) => q.where('state', '=', query.state!))
        .$if(query.businessReference !== undefined, (q) =>
          q.where('businessReference', '=', query.businessReference!),
        )
        .$if(query.since !== undefined, (q) => q.where('createdAt', '>=', query.since!))
        .$if(query.until !== undefined, (q) => q.where('createdAt', '<', query.until!))
        .orderBy('id', 'desc')
        .limit(query.limit)
        .execute(),
    ),

  listTemplateVersions: (
    institutionId?: string,
  ): Promise<
    readonly {
      id: string;
      institutionId: string;
      name: string;
      version: number;
      status: TemplateStatus;
      digest: string;
      authors: string[];
      approver: string | null;
      assessment: string | null;
      lintPack: string | null;
      publishedAt: Date | null;
    }[]
  > =>
    guarded(() =>
      owner
        .selectFrom('templateVersions as v')
        .innerJoin('templates as t', 't.id', 'v.templateId')
        .select(['t.id', 't.institutionId', 't.name', 'v.version', 'v.status', 'v.digest'])
        .select(['v.authors', 'v.approver', 'v.assessment', 'v.lintPack', 'v.publishedAt'])
        .$if(institutionId !== undefined, (q) => q.where('t.institutionId', '=', institutionId!))
        .orderBy('t.institutionId')
        .orderBy('t.name')
        .orderBy('v.version')
        .execute(),
    ),

  /** Throws `not-found`. */
  templateBody: (id: string, version: number): Promise<string> =>
    commonReads(owner)
      .template(id, version)
      .then(({ body }) => body),
});
