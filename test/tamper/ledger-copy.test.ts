import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  addSeconds,
  canonicalize,
  commitment,
  fromBase64Url,
  fromUtf8,
  sha256Hex,
  toHex,
  toUtcSeconds,
  utf8,
  type PasskeyRecord,
} from '@mandate/core';
import { generationZero, PART, partOf, readBundle, withLetterProof } from '@mandate/evidence';
import {
  parseProof,
  parseEntry,
  searchLedger,
  type LedgerEntry,
  type LetterEntry,
} from '@mandate/ledger';
import { stampJudge, verifyFile, type Verification } from '@mandate/verify';
import { makeAuthority, makeKey } from '../kit/authority.js';
import { buildBundle, LATER, makeToken, START, type TestBundle } from '../kit/build-bundle.js';
import { addGeneration } from '../kit/bundle-generations.js';
import { ledgerOf, type TestLedger } from '../kit/ledger-files.js';
import { makeStatusList } from '../kit/make-receipt.js';
import { BOTH } from './passkey-cases.js';

const authority = makeAuthority();
const format = 'mandate-entry/v1' as const;
const hex = (n: number) => n.toString(16).padStart(64, '0');
const at = (seconds: number) => toUtcSeconds(addSeconds(START, seconds));
const deploy = (n: number): LedgerEntry => ({
  ...{ format, kind: 'deploy', at: at(0), component: 'page', digest: hex(n) },
});

let made: TestBundle;
let zero: Uint8Array;
let letter: LetterEntry;
let intent: Extract<LedgerEntry, { kind: 'intent' }>;
beforeAll(async () => {
  made = await buildBundle(authority);
  const read = readBundle(made.bundle);
  zero = generationZero(read);
  letter = parseEntry(parseProof(fromUtf8(read.letterProof!)).extra!) as LetterEntry;
  const { serial, tbs } = made.certificate;
  intent = {
    ...{ format, kind: 'intent', at: at(150), serial, tbs: sha256Hex(tbs), profile: 'scene/v1' },
  };
});

/** The letter's entry stands at `place` in `first`, whose head its proof carries; `whole` is the ledger later. */
async function judge(
  first: readonly (LedgerEntry | Uint8Array)[],
  more: readonly LedgerEntry[] = [],
  change: {
    copy?: (whole: TestLedger) => Partial<TestLedger> | Promise<Partial<TestLedger>>;
    file?: Uint8Array;
    stampedAt?: number;
  } = {},
): Promise<Verification> {
  const [early, whole] = [
    await ledgerOf(authority, first),
    await ledgerOf(authority, [...first, ...more]),
  ];
  const file = change.file ?? withLetterProof(zero, utf8(await early.proof(first.indexOf(letter))));
  const options = { anchors: authority.anchors, at: LATER };
  const { facts } = verifyFile(file, options);
  const { stampedAt } = change;
  const ledger = await searchLedger(
    {
      ...{ ...whole, ...(await change.copy?.(whole)) },
      vkeys: authority.anchors.ledger,
      stamps: {
        judge: stampJudge(authority.anchors.timestamp, LATER),
        getStamp: (number, what) =>
          number > 0 || stampedAt === undefined
            ? null
            : what === 'checkpoint'
              ? utf8(whole.checkpoint)
              : makeToken(
                  authority.stamp,
                  Uint8Array.from(Buffer.from(sha256Hex(utf8(whole.checkpoint)), 'hex')),
                  stampedAt,
                ).token,
      },
    },
    {
      serial: facts.certificate?.serial,
      letter: facts.letter?.digest,
      size: facts.ledger?.size,
    },
  );
  return verifyFile(file, { ...options, ledger });
}

const faults = ({ findings }: Verification): string[] =>
  findings
    .filter(({ status }) => status === 'failed' || status === 'indeterminate')
    .map(({ id, subIndication }) => `${id} ${subIndication}`);

const OPEN = ['ledger-uniqueness', 'later-events'];

describe('the single-signature rule over a whole ledger', () => {
  test('one intent, one letter, no void: passed, and everything recorded is counted', async () => {
    const about = { letter: letter.letter, fact: hex(9) };
    const more: LedgerEntry[] = [
      { format, kind: 'redemption', at: at(300), ...about, step: 'reserved' },
      { format, kind: 'redemption', at: at(310), ...about, step: 'confirmed' },
      { format, kind: 'withdrawal', at: at(320), ...about },
      { format, kind: 'withdrawal', at: at(320), letter: hex(5), fact: hex(6) },
      ...Array.from({ length: 300 }, (_, i) => deploy(i)),
    ];
    const result = await judge([deploy(1), intent, deploy(2), letter], more, { stampedAt: 400 });
    expect(faults(result)).toEqual([]);
    expect(result.verdict.indication).toBe('TOTAL-PASSED');
    expect(result.facts.ledgerCopy).toMatchObject({
      origin: authority.origin,
      size: 308,
      recorded: {
        ...{ intent: 1, letter: 1, withdrawal: 1 },
        ...{ 'redemption:reserved': 1, 'redemption:confirmed': 1 },
      },
      stamp: { size: 308, at: at(400) },
    });
    for (const id of OPEN) expect(result.notChecked).not.toContain(id);
    const { claims } = result;
    expect(claims['single-signature'].findings).toContain('letter-recorded-once');
  });

  test('a letter alone, without its bundle, is held against the same rule', async () => {
    const file = made.signedLetter;
    const sound = await judge([intent, letter], [], { file });
    expect(faults(sound)).toEqual([]);
    expect(sound.claims['single-signature'].status).toBe('passed');
    const never = await judge([intent, deploy(1), letter].slice(0, 2), [], { file });
    expect(faults(never)).toEqual(['letter-recorded-once NO_POE']);
    // signed again with a stolen key: the ledger holds another signature
    const other = { ...letter, signature: hex(7) };
    expect(faults(await judge([intent, other], [], { file }))).toEqual([
      'letter-recorded-once HASH_FAILURE',
    ]);
  });

  test.each<[string, () => [LedgerEntry[], LedgerEntry[]], string[]]>([
    [
      'a second letter under the certificate',
      () => [[intent, letter], [{ ...letter, signature: hex(7), letter: hex(8) }]],
      ['letter-recorded-once HASH_FAILURE'],
    ],
    [
      'a void after the letter',
      () => [[intent, letter], [voided()]],
      ['serial-not-void HASH_FAILURE'],
    ],
    ['no intent', () => [[deploy(1), letter], []], ['intent-announced HASH_FAILURE']],
    ['two intents', () => [[intent, intent, letter], []], ['intent-announced HASH_FAILURE']],
    ['announced afterwards', () => [[letter, intent], []], ['intent-announced HASH_FAILURE']],
    [
      'another certificate announced',
      () => [[{ ...intent, tbs: hex(3) }, letter], []],
      ['intent-announced HASH_FAILURE'],
    ],
  ])('%s', async (_what, entries, expected) => {
    const [first, more] = entries();
    const result = await judge(first, more);
    expect(faults(result)).toEqual(expected);
    expect(result.verdict.indication).toBe('TOTAL-FAILED');
  });

  const voided = (): LedgerEntry => ({
    ...{ format, kind: 'void', at: at(400), serial: letter.serial, reason: 'expired' },
  });
});

describe('a copy that is none', () => {
  const entries = (): LedgerEntry[] => [intent, letter, deploy(1)];

  test('a file missing, an entry changed, a head of nobody: nothing is concluded from it', async () => {
    const cases: [
      (whole: TestLedger) => Partial<TestLedger> | Promise<Partial<TestLedger>>,
      string,
    ][] = [
      [() => ({ getTile: () => null }), 'ledger-copy NO_POE'],
      [() => ({ getTile: () => Uint8Array.of(0, 9, 1) }), 'ledger-copy NO_POE'],
      [
        (whole) => ({
          getTile: async (tile) => {
            const bytes = Uint8Array.from((await whole.getTile(tile))!);
            bytes[40]! ^= 1;
            return bytes;
          },
        }),
        'ledger-copy NO_POE',
      ],
      [() => ({ checkpoint: 'x' }), 'ledger-copy NO_POE'],
      [
        async () => ledgerOf({ ...authority, ledger: makeKey('ed25519') }, entries()),
        'ledger-copy NO_SIGNING_CERTIFICATE_FOUND',
      ],
    ];
    for (const [copy, expected] of cases) {
      const result = await judge(entries(), [], { copy });
      expect(faults(result)).toEqual([expected]);
      expect(result.facts.ledgerCopy).toBeUndefined();
      for (const id of OPEN) expect(result.notChecked).toContain(id);
    }
  });

  test('older than the proof: open; another history under the same key: failed', async () => {
    const older = await judge(entries(), [], {
      copy: () => ledgerOf(authority, entries().slice(0, 2)),
    });
    expect(faults(older)).toEqual(['ledger-copy-extends NO_POE']);
    const fork = await judge(entries(), [], {
      copy: () => ledgerOf(authority, [intent, letter, deploy(2), deploy(3)]),
    });
    expect(faults(fork)).toEqual(['ledger-copy-extends HASH_FAILURE']);
    expect(fork.verdict.indication).toBe('TOTAL-FAILED');
  });

  test('the end of a passkey counts from a copy of the letter’s ledger alone', async () => {
    const { bundle } = await buildBundle(authority, BOTH);
    const read = readBundle(bundle);
    const own = parseEntry(parseProof(fromUtf8(read.letterProof!)).extra!) as LetterEntry;
    const passkey = JSON.parse(fromUtf8(partOf(read, PART.passkey))) as PasskeyRecord;
    const end: LedgerEntry = {
      ...{ format, kind: 'credential-end', at: at(0) },
      credential: toHex(
        commitment(
          fromBase64Url(passkey.registration.salt),
          'passkey',
          canonicalize({ credentialId: passkey.credentialId, publicKey: passkey.publicKey }),
        ),
      ),
    };
    const early = await ledgerOf(authority, [own]);
    const file = withLetterProof(generationZero(read), utf8(await early.proof(0)));
    const options = { anchors: authority.anchors, at: LATER };
    const { facts } = verifyFile(file, options);
    const judged = async (copy: TestLedger): Promise<unknown> => {
      const ledger = await searchLedger(
        { ...copy, vkeys: authority.anchors.ledger },
        {
          serial: facts.certificate?.serial,
          letter: facts.letter?.digest,
          size: facts.ledger?.size,
        },
      );
      return verifyFile(file, { ...options, ledger }).findings.find(
        ({ id }) => id === 'passkey-not-ended',
      )?.status;
    };
    expect(await judged(await ledgerOf(authority, [own, end]))).toBe('failed');
    expect(await judged(await ledgerOf(authority, [own, deploy(1)]))).toBe('passed');
    const stranger = { ...authority, ledger: makeKey('ed25519') };
    for (const copy of [
      await ledgerOf(stranger, [own, end]),
      await ledgerOf(stranger, [own, deploy(1)]),
      await ledgerOf(authority, [deploy(1), end]),
    ])
      expect(await judged(copy)).toBe('not-checked');
  });

  test('an entry about the letter that no reader understands makes the copy worthless', async () => {
    const odd = utf8(`{"kind":"wish","letter":"${letter.letter}"}`);
    const result = await judge([intent, letter, odd]);
    expect(faults(result)).toEqual(['ledger-copy NO_POE']);
  });

  test('a stamp over another tree, or that does not hold, tells no age', async () => {
    expect((await judge(entries(), [], { stampedAt: 400 })).facts.ledgerCopy!.stamp).toBeDefined();
    const future = (LATER.getTime() - START.getTime()) / 1000 + 3600;
    const result = await judge(entries(), [], { stampedAt: future });
    expect(result.facts.ledgerCopy!.stamp).toBeUndefined();
  });
});

test('openings for the disputes desk that the ledger records are compared with nothing, which is said', async () => {
  const proof = await (await ledgerOf(authority, [intent, letter])).proof(1);
  const file = await addGeneration(authority, made, withLetterProof(zero, utf8(proof)), {
    at: 400,
  });
  const about = { letter: letter.letter, fact: hex(9) };
  const opened: LedgerEntry = { format, kind: 'opening', at: at(300), ...about };
  const without = await judge([intent, letter], [deploy(1)], { file });
  const recorded = await judge([intent, letter], [opened], { file });
  expect([faults(without), faults(recorded)]).toEqual([[], []]);
  expect(without.notChecked).not.toContain('desk-openings');
  expect(recorded.notChecked).toContain('desk-openings');
});

describe('keys that ended, as a whole ledger tells', () => {
  const end = (
    spki: Uint8Array,
    seconds: number,
    event: 'ended' | 'in-use' = 'ended',
  ): LedgerEntry => ({
    ...{ format, kind: 'key-event', at: at(seconds), event, purpose: 'seal' },
    ...{ key: sha256Hex(spki), record: hex(1) },
  });
  const { seal, ca, stamp, ledger, root } = authority;
  const LAST = 'keys-not-ended REVOKED';

  // what each key signed last: the seal was stamped at 162, the signature at 160.25, the letter entered at 163
  test.each([
    ['seal', seal, 162],
    ['issuer of the scene certificate', ca, 161],
    ['timestamp authority', stamp, 162],
    ['ledger', ledger, 163],
  ] as const)('%s', async (_, { spki }, last) => {
    const told = (...more: LedgerEntry[]) => judge([intent, letter], more);
    expect(faults(await told(end(spki, last)))).toEqual([]);
    expect(faults(await told(end(spki, last - 2)))).toEqual([LAST]);
    // the first end counts, and a beginning is none
    expect(faults(await told(end(spki, last + 9), end(spki, last - 2)))).toEqual([LAST]);
    expect(faults(await told(end(spki, last - 2, 'in-use')))).toEqual([]);
  });

  test('a file that names no letter: by a ledger that it does not contradict', async () => {
    const file = utf8(makeStatusList(authority));
    const more = [end(authority.receipt.spki, 1)];
    expect(faults(await judge([intent, letter], more, { file }))).toEqual([LAST]);
    expect(faults(await judge([intent, letter], [end(seal.spki, 1)], { file }))).toEqual([]);
    const head = (origin: string) => ledgerOf({ ...authority, origin }, [intent, letter]);
    const key = [end(ledger.spki, 1)];
    const own = utf8((await head(authority.origin)).checkpoint);
    expect(faults(await judge([intent, letter], key, { file: own }))).toEqual([LAST]);
    const foreign = utf8((await head('ledger.elsewhere/l')).checkpoint);
    expect(faults(await judge([intent, letter], key, { file: foreign }))).not.toContain(LAST);
  });

  test('other keys, another ledger, a letter alone', async () => {
    expect(faults(await judge([intent, letter], [end(root.spki, 1)]))).toEqual([]);
    const file = made.signedLetter;
    const told = await judge([intent, letter], [end(stamp.spki, 100)], { file });
    expect(faults(told)).toEqual([LAST]);
    expect(told.claims.integrity.status).toBe('failed');
    const broken = { copy: (whole: TestLedger) => ({ ...whole, getTile: () => null }) };
    const unknown = await judge([intent, letter], [end(stamp.spki, 100)], { file, ...broken });
    expect(faults(unknown)).toEqual(['ledger-copy NO_POE']);
    expect(unknown.findings.some(({ id }) => id === 'keys-not-ended')).toBe(false);
  });
});
