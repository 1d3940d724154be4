import { expect, test } from '@jest/globals';
import { peopleThen } from './people-then.js';

const DAY = '2026-11-22T';
const at = (time: string) => new Date(`${DAY}${time}:00.000Z`);

/** One person: in at 8, approver from 9 to 11 and again from 13, passkey anew at 14, gone at 18. */
const register: readonly (readonly [string, string, object])[] = [
  ['08:00', 'opened', { institution: null, team: 'a', outsourced: false }],
  ['08:30', 'enrolled', { passkey: 'old', codes: 10, byWayOf: 'inv_1' }],
  ['09:00', 'role-given', { role: 'approver' }],
  ['11:00', 'role-ended', { role: 'approver' }],
  ['13:00', 'role-given', { role: 'approver' }],
  ['14:00', 'enrolled', { passkey: 'new', codes: 10, byWayOf: 'inv_2' }],
  ['18:00', 'closed', {}],
];

/** Another one: of an institution and with a contract until 12, linked as `li` at 9 and as `wu` at 11. */
const outsourced: typeof register = [
  [
    '08:00',
    'opened',
    { institution: 'ins_1', team: 'a', outsourced: true, contractUntil: at('12:00').toISOString() },
  ],
  ['08:10', 'role-given', { role: 'officer' }],
  ['09:00', 'linked', { issuer: 'https://id.example', subject: 'li' }],
  ['10:30', 'reset', {}],
  ['11:00', 'linked', { issuer: 'https://id.example', subject: 'wu' }],
];

const people = () =>
  peopleThen({
    deskChanges: async function* () {
      let number = 0;
      for (const [staff, changes] of Object.entries({ stf_1: register, stf_3: outsourced }))
        for (const [time, act, detail] of changes) {
          const said = { number: ++number, at: at(time).toISOString(), act, staff, detail };
          yield { number, body: JSON.stringify(said) };
        }
    },
    deskSessions: async function* () {
      const session = { staffId: 'stf_1', means: 'passkey' as const, endsAt: at('20:00') };
      yield { ...session, id: 'ses_1', openedAt: at('10:00') };
      yield { ...session, id: 'ses_2', openedAt: at('15:00') };
      yield { ...session, id: 'ses_3', openedAt: at('18:30') };
      yield { ...session, staffId: 'stf_3', id: 'ses_4', openedAt: at('11:30') };
    },
  });

test('whoever has left, or not come yet, could do nothing', async () => {
  const then = await people();
  for (const time of ['07:00', '08:30', '12:00', '18:05', '19:00'])
    expect(then.could('stf_1', 'approver', at(time))).toBe(false);
  expect(then.could('stf_2', null, at('10:00'))).toBe(false);
  for (const time of ['07:00', '18:30']) expect(then.could('stf_1', null, at(time))).toBe(false);
  for (const time of ['09:30', '13:30', '17:59'])
    expect(then.could('stf_1', 'approver', at(time))).toBe(true);
});

test('a role that ended and was given anew is another one', async () => {
  const { keptRole } = await people();
  expect(keptRole('stf_1', 'approver', at('10:00'), at('13:30'))).toBe(false);
  expect(keptRole('stf_1', 'approver', at('10:00'), at('12:00'))).toBe(false);
  expect(keptRole('stf_1', 'approver', at('13:30'), at('19:00'))).toBe(false);
  expect(keptRole('stf_1', 'approver', at('13:30'), at('15:00'))).toBe(true);
});

test('a passkey is the one that was set up last, and ends the sessions before it', async () => {
  const { hadPasskey, inSession } = await people();
  expect(hadPasskey('stf_1', at('08:10'))).toBe(false);
  expect(hadPasskey('stf_1', at('15:00'), 'old')).toBe(false);
  expect(hadPasskey('stf_1', at('19:00'), 'new')).toBe(false);
  expect(hadPasskey('stf_1', at('15:00'), 'new')).toBe(true);
  expect(inSession('ses_1', 'stf_1', at('15:00'))).toBe(false);
  expect(inSession('ses_2', 'stf_2', at('15:30'))).toBe(false);
  expect(inSession('ses_2', 'stf_1', at('14:30'))).toBe(false);
  expect(inSession('ses_3', 'stf_1', at('18:40'))).toBe(false);
  expect(inSession('ses_9', 'stf_1', at('15:30'))).toBe(false);
  expect(inSession('ses_2', 'stf_1', at('15:30'))).toBe(true);
});

test('a sign-in at the organisation is the one that was linked last, and not since a reset', async () => {
  const { hadLogin } = await people();
  const login = (subject: string) => ({ issuer: 'https://id.example', subject });
  expect(hadLogin('stf_1', at('10:00'))).toBe(false);
  for (const time of ['08:30', '10:45']) expect(hadLogin('stf_3', at(time))).toBe(false);
  expect(hadLogin('stf_3', at('11:30'), login('li'))).toBe(false);
  expect(hadLogin('stf_3', at('10:00'), { ...login('li'), issuer: 'https://other' })).toBe(false);
  expect(hadLogin('stf_3', at('10:00'), login('li'))).toBe(true);
  expect(hadLogin('stf_3', at('11:30'), login('wu'))).toBe(true);
});

test('nobody works on after their contract, nor for another institution', async () => {
  const { could, inSession, worksFor } = await people();
  expect(could('stf_3', 'officer', at('12:05'))).toBe(false);
  expect(inSession('ses_4', 'stf_3', at('12:05'))).toBe(false);
  expect(worksFor('stf_3', 'ins_2', at('11:45'))).toBe(false);
  expect(could('stf_3', 'officer', at('11:55'))).toBe(true);
  expect(inSession('ses_4', 'stf_3', at('11:55'))).toBe(true);
  expect(worksFor('stf_3', 'ins_1', at('11:45'))).toBe(true);
  expect(worksFor('stf_1', 'ins_1', at('10:00'))).toBe(true);
});
