import { expect, test } from '@jest/globals';
import { providerWord, sha256, systemRandom, type StaffRole } from '@mandate/core';
import { checkDesk } from '../reconcile/check-desk.js';
import type { AgreementRow } from './agreement-ports.js';
import type { DisputeRow, HoldVoteRow } from './case-ports.js';
import type { CaseDeps } from './cases.js';
import type { StaffRefusal } from './sign-in-ports.js';
import { codeOf } from './coded-rows.js';
import { askAgreement } from './agreements.js';
import { staffChange } from './staff-change.js';
import { agreedOutcome, holdProposal, holdVotes } from './hold-votes.js';
import { rowMacs } from './row-macs.js';

const at = new Date('2026-11-22T03:00:00.123Z');
const macs = rowMacs(new Uint8Array(32).fill(7));
const secret = new Uint8Array(32).fill(1);
const open: DisputeRow = {
  ...{
    id: 'hol_1',
    authorizationId: 'aut_1',
    institutionId: 'ins_1',
    openedAt: new Date(0),
    resolvedAt: null,
  },
  ...{ outcome: 'rejected', proposedBy: 'desk:stf_1', proposedAt: at, grounds: 'FILE-7' },
};
const vote = (staffId: string, act: HoldVoteRow['act'], signed = true): HoldVoteRow => {
  const row = {
    ...{ holdId: 'hol_1', act, outcome: 'rejected' as const, proposal: holdProposal(open)! },
    ...{ staffId, sessionId: 'ses_1', at },
  } as const;
  const mac = signed ? macs.of('hold_votes', row) : new Uint8Array(32);
  return { ...row, agreementId: null, mac };
};

/** Somebody with that role in a session of theirs; `vouched`: by role vault's code. */
function votes(
  role: StaffRole,
  hold: DisputeRow,
  entered: HoldVoteRow[],
  vouched = true,
  {
    institutionId = null as string | null,
    asker = null as StaffRefusal | null,
    clock = { now: () => at },
  } = {},
) {
  const session = {
    ...{ id: 'ses_2', staffId: 'stf_2', secretDigest: sha256(secret), means: 'oidc' },
    ...{ openedAt: at, endsAt: new Date(at.getTime() + 3600_000), authTime: 1 },
  } as const;
  const account = {
    ...{ id: 'stf_2', name: 'two', institutionId, team: 't', outsourced: false },
    ...{ contractUntil: null, openedAt: at, change: 1 },
  };
  const given = {
    ...{ staffId: 'stf_2', role, givenAt: at, givenBy: 'a', approvedBy: 'b', change: 2 },
  };
  const mac = vouched ? codeOf(macs, 'staff_roles', given) : new Uint8Array(32);
  const added: HoldVoteRow[] = [];
  const login = {
    ...{ issuer: 'https://id.example', subject: 's', staffId: 'stf_2', madeAt: at },
    ...{ madeBy: 'a', approvedBy: 'b', change: 3 },
  };
  const linked = staffChange(
    macs,
    { number: 2, digest: '0'.repeat(64) },
    {
      ...{ act: 'linked', staffId: 'stf_2', by: 'a', approver: 'b', at },
      detail: { issuer: login.issuer, subject: login.subject },
    },
  );
  let asked: AgreementRow | null = null;
  const record = {
    touchSession: async () => ({ ...session, mac: codeOf(macs, 'staff_sessions', session) }),
    staffStanding: async (id: string) => ({
      account: { ...account, mac: codeOf(macs, 'staff', account) },
      ...{ roles: [{ ...given, mac }], refusal: id === 'stf_2' ? null : asker },
    }),
    staffChanges: async () => ({ changes: [linked.row], whole: true }),
    holdFor: async () => hold,
    proposals: async () => entered,
    beginAgreement: async (row: AgreementRow) => void (asked = row),
    agreement: async () => asked,
    answerAgreement: async () => true,
    lastAuthTime: async () => null,
    login: async () => ({ ...login, mac: codeOf(macs, 'staff_logins', login) }),
    addVote: async (row: HoldVoteRow) => void added.push(row),
  } as unknown as CaseDeps['record'];
  const deps = {
    record,
    macs,
    clock,
    random: systemRandom,
    wrappingKey: secret,
    passkeys: null as never,
    provider: {
      ...{ issuer: 'https://id.example', address: async () => '' },
      signedIn: async (_query: string, challenge: Uint8Array) => ({
        ...{ subject: 's', nonce: providerWord('nonce', challenge), token: '' },
        authTime: Math.floor(clock.now().getTime() / 1000),
      }),
    },
  };
  const { voteOnHold } = holdVotes(deps);
  const approve = async (proposal = holdProposal(open)!) => {
    try {
      const who = { staff: 'stf_2', session: 'ses_2', means: 'oidc', authTime: 1 };
      const word = { ...agreedOutcome('hol_1', 'rejected', proposal) };
      const { agreement } = await askAgreement(deps, who as never, word);
      const said = { act: 'approve', proposal, proof: { agreement, query: '' } } as const;
      await voteOnHold({ secret, holdId: 'hol_1', outcome: 'rejected', said });
      return 'done';
    } catch (error) {
      const { code, extensions } = error as { code: string; extensions?: { why?: string } };
      return extensions?.why ?? code;
    } finally {
      expect(added.length).toBeLessThanOrEqual(1);
    }
  };
  return { approve, added };
}

test('agrees only who may, with exactly what somebody has proposed', async () => {
  const proposed = [vote('stf_1', 'propose')];
  expect(await votes('officer', open, proposed).approve()).toBe('not-allowed');
  expect(await votes('approver', open, proposed, false).approve()).toBe('not-allowed');
  const over = { ...open, resolvedAt: at };
  expect(await votes('approver', over, proposed).approve()).toBe('not-found');
  expect(await votes('approver', open, proposed).approve('0'.repeat(64))).toBe('guard-refused');
  const anew = { ...open, grounds: 'FILE-8' };
  expect(await votes('approver', anew, proposed).approve()).toBe('guard-refused');
  const own = { ...open, proposedBy: 'desk:stf_2' };
  expect(await votes('approver', own, proposed).approve(holdProposal(own)!)).toBe('forbidden');
  // Written into the table by somebody who is not role vault.
  for (const entered of [[], [vote('stf_1', 'propose', false)], [vote('stf_3', 'propose')]])
    expect(await votes('approver', open, entered).approve()).toBe('grant-altered');
  const good = votes('approver', open, proposed);
  expect(await good.approve()).toBe('done');
  expect(good.added).toMatchObject([
    { act: 'approve', proposal: holdProposal(open), agreementId: expect.stringMatching(/^agr_/) },
  ]);
});

test('an institution is never the second person, and what a leaver proposed is agreed to no more', async () => {
  const proposed = [vote('stf_1', 'propose')];
  const tried = (change: object, hold = open) =>
    votes('approver', hold, proposed, true, change).approve(holdProposal(hold)!);
  expect(await tried({ institutionId: 'ins_1' })).toBe('operator-only');
  // Nor where its own system proposed, which is one voice.
  const theirs = { ...open, proposedBy: 'institution:ins_1' };
  expect(await tried({ institutionId: 'ins_1' }, theirs)).toBe('operator-only');
  expect(await tried({ institutionId: 'ins_2' })).toBe('not-found');
  expect(await tried({ asker: 'account-closed' })).toBe('account-closed');
  const after = (days: number) => ({
    clock: { now: () => new Date(at.getTime() + days * 86_400_000) },
  });
  expect(await tried(after(7.001))).toBe('asked-too-long-ago');
  expect(await tried(after(7))).toBe('done');
  expect(await tried({ ...after(8), asker: 'account-closed' }, theirs)).toBe('done');
});

test('the doctor names a dispute that ended without both people’s word', async () => {
  const checked = async (entered: HoldVoteRow[], since = new Date(at.getTime() + 1)) => {
    const found: string[] = [];
    const none = async function* () {};
    const reader = {
      ...{ deskCases: none, deskOpenings: none, deskGrants: none, deskSeals: none },
      ...{ deskChanges: none, deskSessions: none, deskWords: none },
      deskDisputes: async function* () {
        yield { hold: open, resolvedBy: 'desk:stf_2', votes: entered };
      },
      queued: async () => new Map(),
      deskAgreements: async () => new Map(),
      agreementsSince: async () => since,
      misdated: async () => [],
    };
    await checkDesk(reader as never, (code, where) => void found.push(`${code} ${where}`), macs, {
      assertion: null as never,
    });
    return found;
  };
  const [first, second] = [vote('stf_1', 'propose'), vote('stf_2', 'approve')];
  for (const entered of [
    ...[[], [first], [second], [first, vote('stf_2', 'approve', false)]],
    ...[
      [vote('stf_1', 'propose', false), second],
      [first, vote('stf_3', 'approve')],
    ],
  ])
    expect(await checked(entered)).toEqual(['desk-forged hol_1']);
  // By a click, when that was enough; now it is not.
  expect(await checked([first, second])).toEqual([]);
  expect(await checked([first, second], at)).toEqual(['desk-unproven hol_1']);
});
