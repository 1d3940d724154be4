import { addSeconds, concat, toUtcSeconds, utf8 } from '@mandate/core';
import { LATER, laterName, laterProofName, manifestName, sealName } from '@mandate/evidence';
import { archivedLetter, changePage, stampLetter } from '../kit/archived-letter.js';
import type { TestAuthority } from '../kit/authority.js';
import { START } from '../kit/build-bundle.js';
import {
  addGeneration,
  changeEntries,
  factsOf,
  type GenerationChanges,
  type GenerationContent,
} from '../kit/bundle-generations.js';

/** A bundle in which something is wrong with what was added after signing, and how a reader says so. */
export interface LaterCase {
  readonly name: string;
  /** The first finding that stands in the way, with its sub-indication. */
  readonly fault: string;
  readonly bundle: () => Promise<Uint8Array>;
}

const DAY = 86_400;

/**
 * Two generations after signing, as the product makes them: the archived letter and a reserved use, then its
 * confirmation, a hold and a withdrawal. `changes` go into one of them.
 */
export async function laterSetting(authority: TestAuthority, stranger: TestAuthority) {
  const made = await archivedLetter(authority);
  const other = await archivedLetter(authority);
  const facts = factsOf(made);
  const renewal = facts.renewal(1, made.archived, made.signedLetter, 230);
  const reserved = facts.redemption('one', 300, true);
  const confirmed = facts.step(reserved, 'confirmed', 400);
  const hold = facts.hold(500);
  const withdrawal = { ...facts.withdrawal(600), stamped: 603 };
  const first: GenerationContent = {
    facts: [reserved],
    entries: [renewal],
    state: { uses: { counted: 1, reserved: 1 } },
    accesses: [10, 20, 301],
    letter: made.archived,
    at: 320,
  };
  const second: GenerationContent = {
    facts: [hold, withdrawal],
    entries: [confirmed],
    state: { uses: { counted: 1 }, hold: 'open', withdrawn: true },
    accesses: [350, 610],
    at: 700,
  };
  const grow = async (
    content: {
      first?: Partial<GenerationContent>;
      second?: Partial<GenerationContent> | null;
    } = {},
    changes: { first?: GenerationChanges; second?: GenerationChanges } = {},
    bundle: Uint8Array = made.bundle,
  ): Promise<Uint8Array> => {
    const grown = await addGeneration(
      authority,
      made,
      bundle,
      { ...first, ...content.first },
      changes.first,
    );
    if (content.second === null) return grown;
    return addGeneration(authority, made, grown, { ...second, ...content.second }, changes.second);
  };
  return {
    authority,
    stranger,
    made,
    other,
    facts,
    first,
    second,
    reserved,
    confirmed,
    hold,
    withdrawal,
    renewal,
    grow,
  };
}
export type LaterSetting = Awaited<ReturnType<typeof laterSetting>>;

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Everything that must not pass, by what is wrong. */
export function laterCases(setting: LaterSetting): LaterCase[] {
  const { authority, stranger, made, other, facts, first, second, reserved, grow } = setting;
  const state = (n: number): string => laterName(n, LATER.state);
  const receipts = (n: number): string => laterName(n, LATER.receipts);
  const late = (name: string, fault: string, bundle: () => Promise<Uint8Array>): LaterCase => ({
    name: `later: ${name}`,
    fault,
    bundle,
  });
  /** A forger without the seal's key, on the finished bundle. */
  const moved = (
    name: string,
    fault: string,
    change: (all: Map<string, Uint8Array>) => void | Promise<void>,
  ) =>
    late(name, fault, async () => {
      const entries: [string, Uint8Array][] = [];
      const grown = await grow();
      let all = new Map<string, Uint8Array>();
      changeEntries(grown, (it) => {
        all = new Map(it);
      });
      await change(all);
      entries.push(...all);
      return changeEntries(grown, (it) => {
        it.clear();
        for (const [key, value] of entries) it.set(key, value);
      });
    });
  const drop = (all: Map<string, Uint8Array>, number: number): void => {
    for (const key of all.keys())
      if (
        key.startsWith(`later/00${number}/`) ||
        key === manifestName(number) ||
        key === sealName(number)
      )
        all.delete(key);
  };
  return [
    // the container
    moved('a generation in the middle dropped', 'bundle-readable FORMAT_FAILURE', (all) => {
      drop(all, 1);
    }),
    moved('a seal taken away', 'bundle-readable FORMAT_FAILURE', (all) => {
      all.delete(sealName(2));
    }),
    moved('a statement taken away', 'bundle-readable FORMAT_FAILURE', (all) => {
      all.delete(state(2));
    }),
    moved('a foreign file in a generation', 'bundle-readable FORMAT_FAILURE', (all) => {
      all.set('later/001/note.txt', utf8('x'));
    }),
    moved('a generation 000', 'bundle-readable FORMAT_FAILURE', (all) => {
      all.set('later/000/state.json', all.get(state(1))!);
    }),
    moved('a manifest in another spelling', 'bundle-readable FORMAT_FAILURE', (all) => {
      all.set(manifestName(1), utf8(text(all.get(manifestName(1))!).replace('\n', '\n\n')));
    }),
    // the chain
    moved('two generations exchanged', 'later-chain FORMAT_FAILURE', async (all) => {
      const swapped = await addGeneration(
        authority,
        made,
        await addGeneration(authority, made, made.bundle, {
          ...second,
          entries: [],
          state: { ...second.state, uses: { counted: 0 } },
        }),
        { ...first, at: 800 },
      );
      changeEntries(swapped, (it) => {
        for (const name of [manifestName(1), sealName(1)]) all.set(name, it.get(name)!);
      });
    }),
    late('a generation of another bundle', 'later-chain HASH_FAILURE', async () => {
      const grown = await grow({ second: null });
      const foreign = await addGeneration(authority, other, other.bundle, { at: 320 });
      return changeEntries(grown, (all) => {
        drop(all, 1);
        changeEntries(foreign, (it) => {
          for (const [key, value] of it)
            if (key.startsWith('later/001/') || key === manifestName(1) || key === sealName(1))
              all.set(key, value);
        });
      });
    }),
    moved('a statement changed', 'later-chain HASH_FAILURE', (all) => {
      all.set(
        state(2),
        utf8(text(all.get(state(2))!).replace('"withdrawn":true', '"withdrawn":false')),
      );
    }),
    moved('a receipt taken out of its list', 'later-chain HASH_FAILURE', (all) => {
      all.set(receipts(1), utf8('{"format":"mandate-later-receipts/v1","receipts":[]}'));
    }),
    moved('a proof taken away', 'later-chain FORMAT_FAILURE', (all) => {
      all.delete(laterProofName(2, 25));
    }),
    moved('a proof added', 'later-chain FORMAT_FAILURE', (all) => {
      all.set(laterProofName(2, 99), all.get(laterProofName(2, 25))!);
    }),
    moved('the seal of generation 0 exchanged', 'later-chain HASH_FAILURE', (all) => {
      changeEntries(other.bundle, (it) => {
        all.set('META-INF/signature.p7s', it.get('META-INF/signature.p7s')!);
      });
    }),
    late('chained to another generation 0', 'later-chain HASH_FAILURE', () =>
      grow({}, { first: { before: { manifest: utf8('x'), signature: utf8('y') } } }),
    ),
    late('a file that no manifest lists', 'later-chain FORMAT_FAILURE', () =>
      grow(
        {},
        {
          second: {
            filesAfterSeal: (files) => files.set(laterName(2, LATER.letter), made.archived),
          },
        },
      ),
    ),
    // the seal
    late('sealed by a stranger', 'later-seal NO_CERTIFICATE_CHAIN_FOUND', () =>
      grow({}, { second: { sealSigner: stranger.seal } }),
    ),
    late('sealed by the key of reports', 'later-seal CHAIN_CONSTRAINTS_FAILURE', () =>
      grow({}, { second: { sealSigner: authority.reportSeal } }),
    ),
    late('sealed over something else', 'later-seal HASH_FAILURE', () =>
      grow({}, { second: { sealed: utf8('something else') } }),
    ),
    late('stamped by a stranger', 'later-seal NO_CERTIFICATE_CHAIN_FOUND', () =>
      grow({}, { second: { sealToken: { signer: stranger.stamp } } }),
    ),
    late('a token over something else', 'later-seal HASH_FAILURE', () =>
      grow({}, { second: { sealToken: { digest: new Uint8Array(32) } } }),
    ),
    late('sealed before the generation it follows', 'later-order TIMESTAMP_ORDER_FAILURE', () =>
      grow({
        second: { at: 310, state: { ...second.state, asOf: toUtcSeconds(addSeconds(START, 319)) } },
      }),
    ),
    late('sealed before generation 0', 'later-order TIMESTAMP_ORDER_FAILURE', () =>
      grow({ first: { at: 150, letter: made.archived } }),
    ),
    // the archived letter
    late('the archived letter of another letter', 'later-letter HASH_FAILURE', () =>
      grow({
        first: {
          letter: other.archived,
          entries: [facts.renewal(1, other.archived, made.signedLetter, 230)],
        },
      }),
    ),
    late('an archived letter that the ledger does not name', 'later-letter HASH_FAILURE', () =>
      grow({ first: { letter: stampLetter(made.complete, authority.stamp, 240) } }),
    ),
    late('an archived letter without a renewal', 'later-letter HASH_FAILURE', () =>
      grow({ first: { entries: [] } }),
    ),
    late('a renewal without its letter', 'later-letter HASH_FAILURE', () =>
      grow({
        second: { entries: [setting.confirmed, facts.renewal(2, utf8('x'), made.archived, 600)] },
      }),
    ),
    late('a renewal left out', 'later-letter HASH_FAILURE', () => {
      const renewed = stampLetter(made.archived, authority.stamp, 650);
      return grow({
        second: {
          letter: renewed,
          entries: [setting.confirmed, facts.renewal(3, renewed, made.archived, 660)],
        },
      });
    }),
    late('an archived letter with another page', 'later-revisions FORMAT_FAILURE', () => {
      const changed = changePage(made.archived);
      return grow({
        first: { letter: changed, entries: [facts.renewal(1, changed, made.signedLetter, 230)] },
      });
    }),
    // receipts
    late('a receipt of another letter', 'later-receipts HASH_FAILURE', () =>
      grow({
        first: {
          facts: [{ ...reserved, fact: { ...reserved.fact, letter: 'ab'.repeat(32) } }],
        },
      }),
    ),
    late('a receipt of another authorization', 'later-receipts HASH_FAILURE', () =>
      grow({
        first: {
          facts: [
            {
              ...reserved,
              fact: { ...reserved.fact, authorization: 'aut_019a1111-2222-7333-8444-000000000000' },
            },
          ],
        },
      }),
    ),
    late('a receipt of an unknown kind', 'later-readable FORMAT_FAILURE', () =>
      grow({
        first: { facts: [{ ...reserved, fact: { ...reserved.fact, format: 'mandate-gift/v1' } }] },
      }),
    ),
    late('a receipt that calls itself something else', 'later-readable FORMAT_FAILURE', () =>
      grow({ first: { facts: [{ ...reserved, type: 'mandate-end+jwt' }] } }),
    ),
    late('a receipt twice', 'later-receipts HASH_FAILURE', () =>
      grow({ second: { facts: [...second.facts!, reserved], entries: second.entries! } }),
    ),
    late(
      'a receipt signed by a stranger',
      'later-receipt-signature NO_SIGNING_CERTIFICATE_FOUND',
      () => grow({}, { first: { receiptKey: stranger.receipt } }),
    ),
    late('a receipt with another signature', 'later-receipt-signature SIG_CRYPTO_FAILURE', () =>
      grow(
        {},
        { first: { jws: (jws) => `${jws.slice(0, -86)}${'A'.repeat(85)}B`.replace(/B$/, 'A') } },
      ),
    ),
    late('a receipt that is no JWS', 'later-readable FORMAT_FAILURE', () =>
      grow({}, { first: { jws: () => 'a.b' } }),
    ),
    late('a receipt stamped by a stranger', 'later-receipt-time NO_CERTIFICATE_CHAIN_FOUND', () =>
      addGeneration(
        { ...authority, stamp: stranger.stamp },
        made,
        made.bundle,
        {
          ...first,
          facts: [{ ...reserved, stamped: 305 }],
        },
        { sealToken: { signer: authority.stamp } },
      ),
    ),
    // ledger
    late('checkpoints signed by a stranger', 'later-checkpoint SIG_CRYPTO_FAILURE', () =>
      grow(
        {},
        {
          second: {
            proof: (proof) => proof.replace(/— (\S+) (\S{6})\S{8}/, '— $1 $2AAAAAAAA'),
          },
        },
      ),
    ),
    late('a ledger that nobody trusts', 'later-checkpoint NO_SIGNING_CERTIFICATE_FOUND', () =>
      grow({}, { second: { ledgerKey: stranger.ledger } }),
    ),
    late('another ledger', 'later-checkpoint HASH_FAILURE', () =>
      grow({}, { second: { origin: 'elsewhere.test/ledger', ledgerKey: stranger.ledger } }),
    ),
    late('a proof of another place', 'later-proofs HASH_FAILURE', () =>
      grow({}, { second: { proof: (proof) => proof.replace(/index \d+/, 'index 24') } }),
    ),
    late('a proof of another entry', 'later-proofs HASH_FAILURE', () =>
      grow(
        {},
        {
          second: {
            proof: (proof) =>
              proof.replace(/extra (\S+)/, (_, extra: string) => {
                const entry = Buffer.from(extra, 'base64').toString();
                return `extra ${Buffer.from(entry.replace('T09:', 'T10:')).toString('base64')}`;
              }),
          },
        },
      ),
    ),
    late('a proof that carries no entry', 'later-readable FORMAT_FAILURE', () =>
      grow({}, { second: { proof: (proof) => proof.replace(/extra \S+\n/, '') } }),
    ),
    late('an entry about another letter', 'later-entries HASH_FAILURE', () =>
      grow({
        second: {
          entries: [
            ...second.entries!,
            facts.entry('withdrawal', 650, { letter: 'ab'.repeat(32), fact: 'cd'.repeat(32) }),
          ],
        },
      }),
    ),
    late('the entry of another letter’s signature', 'later-entries HASH_FAILURE', () =>
      grow({
        second: {
          entries: [
            ...second.entries!,
            facts.entry('void', 650, { serial: made.certificate.serial, reason: 'not-signed' }),
          ],
        },
      }),
    ),
    late('a withdrawal whose receipt is left out', 'later-entries HASH_FAILURE', () =>
      grow({
        second: {
          facts: [setting.hold],
          entries: [...second.entries!, setting.withdrawal.entry],
          state: { ...second.state, withdrawn: false },
        },
      }),
    ),
    late('a receipt whose entry is left out', 'later-entries HASH_FAILURE', () =>
      grow({}, { second: { files: (files) => files.delete(laterProofName(2, 26)) } }),
    ),
    late('a receipt with the entry of another step', 'later-entries HASH_FAILURE', () =>
      grow({
        first: {
          facts: [{ ...reserved, entry: facts.step(reserved, 'released', 300) }],
        },
      }),
    ),
    late('a step of a use that never was', 'later-entries HASH_FAILURE', () =>
      grow({
        second: {
          entries: [...second.entries!, facts.step(facts.redemption('two', 1), 'released', 640)],
        },
      }),
    ),
    late('a passkey’s entry where no passkey answered', 'later-entries HASH_FAILURE', () =>
      grow({
        second: {
          entries: [
            ...second.entries!,
            facts.entry('credential-end', 640, { credential: 'ab'.repeat(32) }),
          ],
        },
      }),
    ),
    // statements
    ...(
      [
        ['that hides the withdrawal', { withdrawn: false }],
        ['that hides the hold', { hold: 'none' }],
        ['that calls an open hold upheld', { hold: 'upheld' }],
        ['that knows of an end', { ended: true }],
        ['that knows of a restriction', { restricted: true }],
        ['that knows of a release', { releases: 1 }],
        ['that counts a use less', { uses: { counted: 0 } }],
        ['that still calls a confirmed use reserved', { uses: { counted: 1, reserved: 1 } }],
        ['that allows more uses than the letter', { uses: { counted: 1, allowed: 99 } }],
        ['about another letter', { letter: 'ab'.repeat(32) }],
        [
          'about another authorization',
          { authorization: 'aut_019a1111-2222-7333-8444-000000000000' },
        ],
        ['with the number of another generation', { generation: 1 }],
        ['from after its own seal', { asOf: toUtcSeconds(addSeconds(START, 710)) }],
        ['from before the one it follows', { asOf: toUtcSeconds(addSeconds(START, 100)) }],
        ['of a ledger smaller than its proofs', { ledgerSize: 26 }],
        ['of a ledger smaller than before', { ledgerSize: 3 }],
      ] as const
    ).map(([what, changed]) =>
      late(`a statement ${what}`, 'later-state HASH_FAILURE', () =>
        grow({ second: { state: { ...second.state, ...changed } } }),
      ),
    ),
    late('a statement with an unknown member', 'later-readable FORMAT_FAILURE', () =>
      grow(
        {},
        {
          second: {
            files: (files) =>
              files.set(state(2), utf8(text(files.get(state(2))!).replace('{', '{"a":1,'))),
          },
        },
      ),
    ),
    late('a statement that is not canonical', 'later-readable FORMAT_FAILURE', () =>
      grow(
        {},
        {
          second: {
            files: (files) => files.set(state(2), concat(files.get(state(2))!, utf8('\n'))),
          },
        },
      ),
    ),
    // who opened the data
    late('an opening left out', 'later-accesses HASH_FAILURE', () =>
      grow({}, { second: { accesses: (all) => all.slice(1) } }),
    ),
    late('openings whose times run backwards', 'later-accesses HASH_FAILURE', () =>
      grow({ second: { accesses: [350 - DAY] } }),
    ),
  ];
}
