import { addSeconds, fromUtf8, kindDigestHex, sha256Hex, type PasskeyRecord } from '@mandate/core';
import { laterProofName, PART } from '@mandate/evidence';
import type { LedgerEntry } from '@mandate/ledger';
import { makeStampAuthority, stampLetter } from '../../kit/archived-letter.js';
import type { TestAuthority } from '../../kit/authority.js';
import { buildBundle, START } from '../../kit/build-bundle.js';
import { addGeneration, factsOf, type MadeFact } from '../../kit/bundle-generations.js';
import { laterCases, laterSetting } from '../../tamper/later-cases.js';
import type { BundleCase } from './bundle-case.js';
import { FAILED, ruleOf } from './ceremony-cases.js';
import { lazily } from './container-cases.js';
import { credentialOf } from './credential.js';

type Members = Readonly<Record<string, unknown>>;

/** What was added after signing: every tampering of test/tamper, and generations as they should be. */
export async function generationCases(
  authority: TestAuthority,
  stranger: TestAuthority,
): Promise<BundleCase[]> {
  const setting = await laterSetting(authority, stranger);
  const { made, facts, renewal, reserved, confirmed } = setting;
  const grown = lazily(() => setting.grow());
  const cases: BundleCase[] = laterCases(setting).map(({ name, fault, bundle }) => ({
    name,
    make: bundle,
    // sealed earlier than it states, the second generation is wrong in its statement as well
    verdict:
      FAILED.test(fault) || name === 'later: sealed before the generation it follows'
        ? 'TOTAL-FAILED'
        : 'INDETERMINATE',
    rule: ruleOf(fault),
  }));
  const sound = (name: string, make: () => Promise<Uint8Array>, more?: Partial<BundleCase>): void =>
    void cases.push({ name: `sound: ${name}`, make, verdict: 'TOTAL-PASSED', ...more });
  const wrong = (name: string, rule: string, make: () => Promise<Uint8Array>, open = false): void =>
    void cases.push({
      name: `later: ${name}`,
      make,
      rule,
      verdict: open ? 'INDETERMINATE' : 'TOTAL-FAILED',
    });

  sound('two generations', grown);
  sound('one generation', () => setting.grow({ second: null }));
  const { receipt: _, ...withoutReceipts } = authority.anchors;
  sound('two generations, no key of receipts', grown, { anchors: withoutReceipts });
  sound('a use released, a hold rejected, a release, the end and a restriction', () =>
    addGeneration(authority, made, made.bundle, {
      facts: [
        reserved,
        facts.hold(400),
        facts.resolution('rejected', 450),
        facts.release(500),
        facts.end(600),
        facts.restriction(650),
      ],
      entries: [renewal, facts.step(reserved, 'released', 350)],
      state: { ended: true, restricted: true, releases: 1 },
      letter: made.archived,
      at: 700,
    }),
  );
  sound('a dispute upheld', () =>
    setting.grow({
      second: {
        facts: [setting.hold, facts.resolution('upheld', 650)],
        state: { uses: { counted: 1 }, hold: 'upheld' },
      },
    }),
  );

  // The archived letter and what renews it.
  const [early, late] = [2030, 2033].map((year) => new Date(`${year}-05-21T00:00:00Z`)) as [
    Date,
    Date,
  ];
  const young = makeStampAuthority('Young Timestamp Authority', {
    from: early,
    until: new Date('2040-05-21T00:00:00Z'),
    rootUntil: new Date('2045-05-21T00:00:00Z'),
  });
  const anchors = {
    ...authority.anchors,
    timestamp: [...authority.anchors.timestamp, young.root.der],
  };
  const renewedAt = (early.getTime() - START.getTime()) / 1000 + 3600;
  const renewed = async (): Promise<Uint8Array> => {
    const letter = stampLetter(made.archived, young.stamp, renewedAt);
    return addGeneration({ ...authority, stamp: young.stamp }, made, await grown(), {
      entries: [facts.renewal(2, letter, made.archived, renewedAt + 5)],
      letter,
      state: { withdrawn: true, hold: 'open', uses: { counted: 1 } },
      at: renewedAt + 60,
    });
  };
  sound('renewed in time, after the first stamping authority has ended', renewed, {
    anchors,
    at: late,
  });
  cases.push(
    {
      name: 'moment: archived and not renewed, after the stamping authority has ended',
      make: grown,
      anchors,
      at: late,
      verdict: 'INDETERMINATE',
      rule: 'G-3',
    },
    {
      name: 'moment: renewed, after the second stamping authority has ended',
      make: renewed,
      anchors,
      at: new Date('2041-01-01T00:00:00Z'),
      verdict: 'INDETERMINATE',
      rule: 'G-3',
    },
    {
      name: 'moment: renewed, the second stamping authority not trusted',
      make: renewed,
      at: late,
      verdict: 'INDETERMINATE',
      rule: 'G-3',
    },
  );
  const archivedBy = (letter: Uint8Array) =>
    setting.grow({
      first: { letter, entries: [facts.renewal(1, letter, made.signedLetter, 230)] },
    });
  wrong(
    'a document timestamp by a stranger',
    'A-5',
    () => archivedBy(stampLetter(made.complete, stranger.stamp, 220)),
    true,
  );
  wrong('a document timestamp over something else', 'A-5', () =>
    archivedBy(stampLetter(made.complete, authority.stamp, 220, { digest: new Uint8Array(32) })),
  );

  wrong('renewed in one generation, the letter in the next', 'G-17', async () => {
    const letter = stampLetter(made.archived, authority.stamp, 650);
    const entries = [confirmed, facts.renewal(2, letter, made.archived, 640)];
    return addGeneration(authority, made, await setting.grow({ second: { entries } }), {
      state: setting.second.state!,
      letter,
      at: 800,
    });
  });
  wrong('renewals told backwards', 'G-17', async () => {
    const letter = stampLetter(made.archived, authority.stamp, 250);
    const second = facts.renewal(2, letter, made.archived, 260);
    return setting.grow({
      first: { entries: [second], letter },
      second: { entries: [confirmed, renewal] },
    });
  });
  wrong('a use entered later than it tells', 'G-15', () => {
    const entry = { ...reserved.entry, at: facts.hold(310).entry.at };
    return setting.grow({ first: { facts: [{ ...reserved, entry }] }, second: null });
  });
  wrong('two receipts of one entry', 'G-15', () => {
    const twin = { ...facts.redemption('two', 301, true), entry: reserved.entry };
    const files = (all: Map<string, Uint8Array>) => void all.delete(laterProofName(1, 21));
    return setting.grow(
      {
        first: { facts: [reserved, twin], state: { uses: { counted: 2, reserved: 2 } } },
        second: null,
      },
      { first: { files } },
    );
  });

  // A passkey in the ledger.
  const withPasskey = lazily(async () => {
    const bundle = await buildBundle(authority, { measures: ['passkey'] });
    const record = JSON.parse(fromUtf8(bundle.parts.get(PART.passkey)!)) as PasskeyRecord;
    return { bundle, record, of: factsOf(bundle), credential: credentialOf(record) };
  });
  const passkeyEntries = async (endedAfter?: number): Promise<Uint8Array> => {
    const { bundle, record, of, credential } = await withPasskey();
    const registered = (Date.parse(record.registration.at) - START.getTime()) / 1000;
    const entries = [of.entry('credential', registered, { credential })];
    if (endedAfter !== undefined)
      entries.push(of.entry('credential-end', endedAfter, { credential }));
    return addGeneration(authority, bundle, bundle.bundle, { entries, at: 700 });
  };
  sound('a passkey whose registration stands in the ledger', () => passkeyEntries());
  sound('a passkey that ended after it answered', () => passkeyEntries(600));
  wrong('a passkey that had ended before it answered', 'P-7', () => passkeyEntries(100));
  wrong('the registration of another passkey', 'G-14', async () => {
    const { bundle, of } = await withPasskey();
    const entries = [of.entry('credential', 0, { credential: sha256Hex(bundle.letter) })];
    return addGeneration(authority, bundle, bundle.bundle, { entries, at: 700 });
  });
  // entered in the ledger as it stands in the receipt
  for (const [name, members] of Object.entries({
    'a receipt whose kind is a number': { format: 5 },
    'a receipt without a number of its own': { id: ['x'] },
    'a receipt of no moment': { at: '2026-02-30T00:00:00Z' },
    'a receipt of other terms': { terms: 'ab'.repeat(32) },
    'a receipt of another letter’s number': { letterNumber: 'M20261121-22222222' },
  }))
    wrong(name, 'G-10 G-11 G-19', () => {
      const fact = { ...reserved.fact, ...members };
      const entry = { ...reserved.entry, fact: kindDigestHex('receipt', fact as never) };
      return setting.grow({ first: { facts: [{ ...reserved, fact, entry }] }, second: null });
    });
  // everything beside the fact made anew over it, by somebody who holds the keys
  const told = (good: MadeFact, members: Members, payload?: (it: Members) => Members) => () => {
    const fact = Object.fromEntries(
      Object.entries({ ...good.fact, ...members }).filter(([, value]) => value !== undefined),
    );
    const entry = { ...good.entry, fact: kindDigestHex('receipt', fact as never) } as LedgerEntry;
    const of = String(good.fact['format']);
    return addGeneration(
      authority,
      made,
      made.bundle,
      {
        facts: [{ ...good, fact, entry }],
        state: {
          releases: of.includes('release') ? 1 : 0,
          ended: of.includes('mandate-end'),
          withdrawn: of.includes('withdrawal'),
          uses: { counted: of.includes('redemption') ? 1 : 0 },
        },
        at: 700,
      },
      payload ? { payload } : {},
    );
  };
  const use = facts.redemption('told', 300);
  const [release, withdrawal, end] = [facts.release(300), facts.withdrawal(300), facts.end(300)];
  for (const good of [use, release, withdrawal, end, facts.erasure(300), facts.idImage(300)])
    sound(`the receipt of ${String(good.fact['format'])}`, told(good, {}));
  const monthly = { per: 'month', period: '2026-11' };
  sound('a use of a month', told(use, monthly));
  for (const [name, good, members] of [
    ['items that are no list', use, { items: 'everything' }],
    ['a source that is a number', use, { source: 7 }],
    ['a number of uses that is text', use, { number: '1' }],
    ['a period nobody knows', use, { per: 'week', period: '2026-11' }],
    ['a member nobody knows', use, { extra: { a: 1 } }],
    ['a reservation until no moment', use, { reservedUntil: 'soon' }],
    ['no operator', use, { operator: undefined }],
    ['no proof', withdrawal, { proof: undefined }],
    ['a proof of something more', withdrawal, { proof: { kind: 'x', ref: 'y', more: 1 } }],
    ['a party nobody knows', withdrawal, { by: 'bank' }],
    ['no content', release, { content: undefined }],
    ['fields that are no names', release, { fields: ['Name of the subject'] }],
    ['a moment of milliseconds', end, { happenedAt: '2026-11-21T09:00:00.000Z' }],
  ] as const satisfies readonly (readonly [string, MadeFact, Members])[])
    wrong(`a fact with ${name}`, 'G-19', told(good, members));
  wrong('a use of another month', 'G-20', told(use, { ...monthly, period: '2026-10' }));
  wrong('a month without its period', 'G-20', told(use, { per: 'month' }));
  for (const [name, rule, good, change] of [
    ['no issuer', 'G-19', use, ({ iss: _, ...it }) => it],
    ['a member nobody knows', 'G-19', use, (it) => ({ ...it, nbf: 1 })],
    ['a moment that is text', 'G-19', use, (it) => ({ ...it, iat: '2026' })],
    ['a number of its own', 'G-20', use, (it) => ({ ...it, jti: withdrawal.fact['id'] })],
    ['another moment', 'G-20', use, (it) => ({ ...it, iat: Number(it['iat']) + 1 })],
    ['another source', 'G-20', use, (it) => ({ ...it, aud: use.fact['institution'] })],
    ['no end', 'G-20', use, ({ exp: _, ...it }) => it],
    ['an end where nothing is allowed', 'G-20', end, (it) => ({ ...it, exp: it['iat'] })],
    [
      'another institution',
      'G-20',
      use,
      (it) => ({ ...it, institution: { name: 'x', creditCode: use.fact['source'] } }),
    ],
  ] as const satisfies readonly (readonly [string, string, MadeFact, (it: Members) => Members])[])
    wrong(`a receipt with ${name}`, rule, told(good, {}, change));
  wrong('a resolution without an outcome', 'G-19', () =>
    setting.grow({
      second: {
        facts: [
          setting.hold,
          {
            ...facts.resolution('rejected', 650),
            fact: { ...facts.resolution('rejected', 650).fact, outcome: 7 },
          },
        ],
      },
    }),
  );
  wrong('an opening by nobody known', 'C-2', () =>
    setting.grow(
      {},
      {
        second: {
          accesses: (all) => all.map((it) => ({ ...it, person: 'zhang' })) as typeof all,
        },
      },
    ),
  );
  wrong('a use counted that was released', 'G-16', () =>
    setting.grow({
      second: {
        entries: [confirmed, facts.step(reserved, 'released', 650)],
        state: { ...setting.second.state, uses: { counted: 1 } },
      },
    }),
  );
  wrong('stated as of tomorrow', 'G-8', () =>
    setting.grow({
      second: {
        state: {
          ...setting.second.state,
          asOf: addSeconds(START, 86_400).toISOString().replace('.000Z', 'Z'),
        },
      },
    }),
  );
  return cases;
}
