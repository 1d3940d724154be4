import {
  DomainError,
  isDomainError,
  kindDigestHex,
  sha256Hex,
  utf8,
  type AgreementAsked,
  type StaffSession,
  type TemplateDoor,
} from '@mandate/core';
import { takeAgreement, type AgreedTo, type AgreementDeps } from '../desk/agreements.js';
import type { ToAgree } from '../desk/asked-agreements.js';
import type { MacRow, RowMacs } from '../desk/row-macs.js';
import { liveSession } from '../desk/sessions.js';
import type {
  LaterWaiver,
  TemplateRow,
  TemplateVoteRecord,
  TemplateVoteRow,
} from '../ports/template.js';
import { checkedPublication, wrongState, type Publication } from './publish-template.js';
import { isTextOfDigest } from './template-evidence.js';
import { checkedWaiver } from './waive-finding.js';

export interface TemplateDoorDeps extends AgreementDeps {
  readonly templates: TemplateVoteRecord;
}
type Agreed = Omit<Extract<AgreementAsked, { act: 'template' }>, 'act'>;
interface Version {
  readonly id: string;
  readonly version: number;
}

const lines = (...said: readonly string[]): string => sha256Hex(utf8(said.join('\n')));

/** Digest, 64 hex, of what an approver says, as the database computes it. */
export const approvalSaid = (
  p: Version &
    Pick<Publication, 'digest' | 'lintPack' | 'assessment'> & {
      /** JSON text, as the row has it. */
      readonly waivers: string;
    },
): string =>
  lines(
    ...['mandate/template-approval/v1', p.id, String(p.version), p.digest, p.lintPack],
    ...[p.waivers, p.assessment],
  );
export const waiverSaid = (
  w: Version & Pick<LaterWaiver, 'pack' | 'rule' | 'path' | 'reason'>,
): string =>
  lines(
    ...['mandate/template-waiver/v1', w.id, String(w.version), w.pack, w.rule],
    ...[JSON.stringify(w.path), w.reason],
  );
export const retirementSaid = (p: Version & { readonly digest: string }): string =>
  lines('mandate/template-retirement/v1', p.id, String(p.version), p.digest);

/** What somebody's authenticator answers over: the version, and all that they say of it. */
export const agreedTemplate = (p: Version & { readonly said: string }): AgreedTo => ({
  ...{ act: 'template', subject: `${p.id}/${p.version}` },
  digest: kindDigestHex('agreed', {
    ...{ act: 'template', template: p.id, version: p.version, said: p.said },
  }),
});

const coded = ({ agreementId, ...vote }: Omit<TemplateVoteRow, 'mac'>): MacRow => ({
  ...{ template: vote.templateId, version: vote.version, act: vote.act, said: vote.said },
  ...{ staff: vote.staffId, session: vote.sessionId, at: vote.at, agreement: agreementId },
});
export const templateVoteHolds = (macs: RowMacs, { mac, ...vote }: TemplateVoteRow): boolean =>
  macs.holds('template_votes', coded(vote), mac);

/** Role vault: who approves, lets pass and retires templates at the desk. */
export function templateVotes(deps: TemplateDoorDeps): TemplateDoor {
  const { clock } = deps;
  return {
    agreeToTemplate: async ({ secret, agreed, proof }) => {
      const session = await liveSession(deps, secret);
      const { to, act, said } = await templateToAgree(deps, session, agreed);
      const { id: agreementId, at } = await takeAgreement(deps, session, to, proof);
      return enter(deps, session, {
        ...{ templateId: agreed.template, version: agreed.version, act, said, at, agreementId },
      });
    },

    retireTemplate: async ({ secret, institutionId, template, version }) => {
      const session = await liveSession(deps, secret);
      const found = await visible(deps, session, { institutionId, template, version });
      if (found.status !== 'published') throw wrongState(found.status, 'published');
      return enter(deps, session, {
        ...{ templateId: template, version, act: 'retire', said: retirementSaid(found) },
        ...{ at: clock.now(), agreementId: null },
      });
    },
  };
}

/** For `beginAgreement`. */
export const askedTemplate =
  (deps: TemplateDoorDeps): ToAgree<'template'> =>
  async (session, asked) =>
    (await templateToAgree(deps, session, asked)).to;

/** What this person would say; it is checked here as where it is done. Throws as `agreeToTemplate`. */
async function templateToAgree(
  deps: TemplateDoorDeps,
  session: StaffSession,
  asked: Agreed,
): Promise<{ to: AgreedTo; act: 'approve' | 'waive'; said: string }> {
  const { digest, assessment, waivers } = asked;
  const found = await visible(deps, session, asked);
  // over the text that lies there, not over the digest beside it: both are written by logins that agree to nothing
  if (found.digest !== digest || !isTextOfDigest(found))
    throw new DomainError('version-conflict', 'it was rewritten after it was read');
  const [waiver, ...others] = waivers;
  if (found.status === 'published' && waiver && others.length === 0) {
    const row = checkedWaiver(found, { by: session.staff, waiver });
    if (!row) throw new DomainError('invalid-request', 'that was let pass already');
    const said = waiverSaid(row);
    return { to: agreedTemplate({ ...found, said }), act: 'waive', said };
  }
  const published = checkedPublication(found, { approver: session.staff, assessment, waivers });
  const said = approvalSaid({ ...published, waivers: JSON.stringify(published.waivers) });
  return { to: agreedTemplate({ ...found, said }), act: 'approve', said };
}

async function visible(
  { templates }: TemplateDoorDeps,
  session: StaffSession,
  { institutionId, template, version }: Pick<Agreed, 'institutionId' | 'template' | 'version'>,
): Promise<TemplateRow> {
  const theirs = (session.institutionId ?? institutionId) === institutionId;
  const found = theirs ? await templates.findTemplate(institutionId, template, version) : null;
  if (found?.id !== template) throw new DomainError('not-found', 'no such template version');
  if (!session.roles.includes('template-approver'))
    throw new DomainError('forbidden', 'for template approvers');
  return found;
}

async function enter(
  { templates, macs }: TemplateDoorDeps,
  { staff, session }: StaffSession,
  said: Omit<TemplateVoteRow, 'mac' | 'staffId' | 'sessionId'>,
): Promise<{ person: string; at: string }> {
  const vote = { ...said, staffId: staff, sessionId: session };
  try {
    await templates.addTemplateVote({ ...vote, mac: macs.of('template_votes', coded(vote)) });
  } catch (error) {
    if (!isDomainError(error, 'illegal-transition')) throw error;
    throw new DomainError('template-state', 'it stands otherwise by now, or the session is over', {
      cause: error,
    });
  }
  return { person: staff, at: said.at.toISOString() };
}
