import {
  canonicalBytes,
  commitment,
  fromUtf8,
  jwkThumbprint,
  sealMessage,
  systemRandom,
  toBase64Url,
  toHex,
  utf8,
} from '@mandate/core';
import {
  disclose,
  DISCLOSURE_TYPE,
  disclosureName,
  withDisclosure,
  type DisclosedValue,
} from '@mandate/evidence';
import { renderLetter } from '@mandate/letter';
import type { TestAuthority, TestKey } from '../../kit/authority.js';
import { buildBundle, type Changes } from '../../kit/build-bundle.js';
import { addGeneration, factsOf } from '../../kit/bundle-generations.js';
import { makeReader } from '../../kit/make-reader.js';
import { changeStream, rewriteLetter } from '../../kit/rewrite-letter.js';
import type { BundleCase } from './bundle-case.js';
import { lazily } from './container-cases.js';

/** What the signature field shows, keys that ended, and what single readers are told. */
export async function addedCases(authority: TestAuthority): Promise<BundleCase[]> {
  return [
    ...fieldCases(authority),
    titleCase(authority),
    ...(await keyCases(authority)),
    ...(await disclosureCases(authority)),
  ];
}

/** Text in the field is read as part of the letter; the letter is otherwise as its terms have it. */
function fieldCases(authority: TestAuthority): BundleCase[] {
  const widget = (change: (body: string) => string) => (body: string) =>
    body.includes('/Subtype /Widget') ? change(body) : body;
  const edits: Readonly<Record<string, (body: string) => string>> = {
    'its last words are gone': (body) =>
      body.includes('/BBox [ 0 0 ')
        ? changeStream(body, (it) => it.slice(0, it.lastIndexOf('BT')))
        : body,
    'a text twice': (body) =>
      body.includes('/BBox [ 0 0 ')
        ? changeStream(body, (it) => it + it.slice(it.lastIndexOf('BT')))
        : body,
    'no appearance': widget((body) => body.replace('/AP', '/AQ')),
    'another appearance under the pointer': widget((body) =>
      body.replace(/\/N (\d+ 0 R)/, '/N $1 /R $1'),
    ),
    'a note': widget((body) => body.replace('/F 132', '/F 132 /Contents (agreed to everything)')),
    'it is hidden': widget((body) => body.replace('/F 132', '/F 134')),
    'a value it falls back to': widget((body) =>
      body.replace('/F 132', '/F 132 /DV (I also stand surety)'),
    ),
    'a field of text in its place': (body) =>
      body.replace(
        /\/Annots \[ (\d+) 0 R \]/,
        // the appearance is the object written before the field
        (_, field: string) =>
          `/Annots [ << /Type /Annot /Subtype /Widget /FT /Tx /T (extra) /V (I also stand surety) /DA (/Helv 12 Tf 0 g) /F 4 /Rect [60 60 400 100] /AP << /N ${Number(field) - 1} 0 R >> >> ]`,
      ),
    'appearances are to be drawn anew': (body) =>
      body.replace('/Fields [', '/NeedAppearances true /Fields ['),
    'the form has a look for fields': (body) =>
      body.replace('/Fields [', '/DA (/Helv 12 Tf 0 g) /Fields ['),
    'another page than the one it stands on': widget((body) =>
      body.replace(/\/P \d+ 0 R/, '/P 1 0 R'),
    ),
    'another annotation': (body) =>
      body.replace(/\/Annots \[ (\d+ 0 R) \]/, '/Annots [ $1 << /Subtype /Square >> ]'),
  };
  return Object.entries(edits).map(([name, edit]) => ({
    name: `field: ${name}`,
    make: async () =>
      (await buildBundle(authority, { letter: (it) => rewriteLetter(it, edit) })).bundle,
    verdict: 'TOTAL-FAILED',
    rule: 'D-5',
  }));
}

/** Signed under a headline that no template has. */
const titleCase = (authority: TestAuthority): BundleCase => ({
  name: 'letter: a title that is not the template’s',
  make: async () => {
    const { terms } = await buildBundle(authority);
    const letter = await renderLetter(terms, '不可撤销连带责任保证书');
    return (await buildBundle(authority, { terms: () => terms, letter: () => letter })).bundle;
  },
  verdict: 'TOTAL-FAILED',
  rule: 'D-2',
});

/** The ledger tells the end of a key; times are seconds after the ceremony began. */
async function keyCases(authority: TestAuthority): Promise<BundleCase[]> {
  const made = await buildBundle(authority);
  const facts = factsOf(made);
  const withdrawal = { ...facts.withdrawal(300), stamped: 305 };
  const grown = (entries: Parameters<typeof addGeneration>[3]['entries']) => () =>
    addGeneration(authority, made, made.bundle, {
      facts: [withdrawal],
      entries: entries ?? [],
      state: { withdrawn: true },
      at: 400,
    });
  const { ca, seal, stamp, receipt, ledger } = authority;
  // of each key the last moment at which it signed something of this bundle
  const keys: readonly (readonly [string, TestKey, number])[] = [
    ['scene-ca', ca, 162],
    ['seal', seal, 400],
    ['timestamp', stamp, 400],
    ['receipt', receipt, 305],
    // the entry of the withdrawal; that of the end itself is as old as the end
    ['ledger', ledger, 300],
  ];
  return [
    {
      name: 'sound: every key ended, none of them used since',
      make: grown(keys.map(([purpose, { spki }]) => facts.keyEnd(purpose, spki, 400))),
      verdict: 'TOTAL-PASSED',
    },
    ...keys.map(([purpose, { spki }, last]): BundleCase => ({
      name: `key: of ${purpose}, ended before it was used last`,
      make: grown([facts.keyEnd(purpose, spki, last - 3)]),
      verdict: 'TOTAL-FAILED',
      rule: 'X-13',
    })),
    {
      name: 'key: an end told twice, the second time later',
      make: grown([facts.keyEnd('seal', seal.spki, 390), facts.keyEnd('seal', seal.spki, 410)]),
      verdict: 'TOTAL-FAILED',
      rule: 'X-13',
    },
    {
      name: 'key: a beginning instead of an end',
      make: grown([
        facts.entry('key-event', 300, {
          ...{ event: 'in-use', purpose: 'seal', key: 'e1'.repeat(32), record: 'e1'.repeat(32) },
        }),
      ]),
      verdict: 'TOTAL-FAILED',
      rule: 'G-14',
    },
  ];
}

async function disclosureCases(authority: TestAuthority): Promise<BundleCase[]> {
  const [reader, other] = [makeReader(), makeReader()];
  const salt = new Uint8Array(32).fill(11);
  const operator = '{"name":"王五","no":"0042"}';
  const committed = toHex(commitment(salt, 'operator', operator));
  const made = await buildBundle(authority);
  const facts = factsOf(made);
  const used = facts.redemption('told', 300, false, { operator: committed });
  const bundle = lazily(() =>
    addGeneration(authority, made, made.bundle, {
      facts: [used],
      state: { uses: { counted: 1 } },
      at: 400,
    }),
  );
  const value: DisclosedValue = {
    ...{ commitment: committed, field: 'operator', salt: toBase64Url(salt), value: operator },
  };
  const { salt: ofTerms, subject } = made.terms;
  const phone: DisclosedValue = {
    ...{ commitment: made.scene.subject.phone, field: 'subject.phone' },
    ...{ salt: ofTerms, value: subject.phone },
  };
  const disclosed = async (): Promise<Uint8Array> =>
    disclose(await bundle(), reader, [value, phone], systemRandom);
  const sealed = (
    said: object,
    name = disclosureName(jwkThumbprint(reader)),
    header: Readonly<Record<string, string>> = { typ: DISCLOSURE_TYPE },
    change: (jwe: string) => string = (it) => it,
  ) => {
    const { kty, crv, x, y } = reader;
    return async () =>
      withDisclosure(
        await bundle(),
        name,
        utf8(change(sealMessage({ kty, crv, x, y }, canonicalBytes(said), header, systemRandom))),
      );
  };
  const said = { format: 'mandate-disclosure/v1', letter: made.scene.letterDigest };
  const good = { ...said, values: [value] };
  /** The value, of a bundle whose operator wrote its commitment elsewhere. */
  const planted = (changes: Changes) => async () => {
    const { bundle: file, scene } = await buildBundle(authority, changes);
    const { kty, crv, x, y } = reader;
    const told = canonicalBytes({ ...good, letter: scene.letterDigest });
    const jwe = sealMessage({ kty, crv, x, y }, told, { typ: DISCLOSURE_TYPE }, systemRandom);
    return withDisclosure(file, disclosureName(jwkThumbprint(reader)), utf8(jwe));
  };
  const sound = (name: string, make: BundleCase['make'], more: Partial<BundleCase> = {}) =>
    ({ name: `sound: ${name}`, make, verdict: 'TOTAL-PASSED', ...more }) as const;
  const wrong = (name: string, rule: string, make: BundleCase['make']): BundleCase => ({
    ...{ name: `disclosure: ${name}`, make, rule, reader, verdict: 'TOTAL-FAILED' },
  });
  const swap = (part: number, change: (text: string) => string) => (jwe: string) =>
    jwe
      .split('.')
      .map((it, i) => (i === part ? change(it) : it))
      .join('.');
  const flip = (text: string): string => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`;
  return [
    sound('a disclosure, for another reader', disclosed, { reader: other }),
    sound('a disclosure, unread', disclosed),
    sound('a disclosure, by its reader', disclosed, { reader }),
    sound(
      'two disclosures and a generation after them',
      async () => {
        const { kty, crv, x, y } = other;
        const both = disclose(await disclosed(), { kty, crv, x, y }, [phone], systemRandom);
        return addGeneration(authority, made, both, {
          facts: [facts.withdrawal(500)],
          state: { withdrawn: true, uses: { counted: 1 } },
          at: 600,
        });
      },
      { reader },
    ),
    wrong('under the name of another key', 'F-1', sealed(good, disclosureName('A'.repeat(43)))),
    wrong('of another type', 'F-1', sealed(good, undefined, { typ: 'mandate-subject-data+jwe' })),
    wrong(
      'a member more in its header',
      'F-1',
      sealed(good, undefined, { typ: DISCLOSURE_TYPE, cty: 'x' }),
    ),
    wrong(
      'a line behind it',
      'F-1',
      sealed(good, undefined, undefined, (it) => `${it}\n`),
    ),
    wrong(
      'a wrapped key',
      'F-1',
      sealed(
        good,
        undefined,
        undefined,
        swap(1, () => 'AAAA'),
      ),
    ),
    wrong(
      'a short tag',
      'F-1',
      sealed(
        good,
        undefined,
        undefined,
        swap(4, () => 'AAAA'),
      ),
    ),
    wrong(
      'an ephemeral key beside the curve',
      'F-1',
      sealed(good, undefined, undefined, swap(0, offCurve)),
    ),
    wrong('changed', 'F-2', sealed(good, undefined, undefined, swap(3, flip))),
    wrong('another value', 'F-2', sealed({ ...said, values: [{ ...value, value: 'x' }] })),
    wrong('another field', 'F-2', sealed({ ...said, values: [{ ...value, field: 'x' }] })),
    wrong(
      'a commitment that stands nowhere',
      'F-2',
      sealed({ ...said, values: [elsewhere(salt)] }),
    ),
    wrong(
      'of what its discloser planted',
      'F-2',
      planted({
        terms: (it) => ({ ...it, businessReference: committed }),
        templateRecord: (it) => ({ ...it, assessment: committed }),
      }),
    ),
    wrong(
      'of a field that its place does not have',
      'F-2',
      planted({ templateRecord: (it) => ({ ...it, approver: committed }) }),
    ),
    wrong('of another letter', 'F-2', sealed({ ...good, letter: 'ab'.repeat(32) })),
    wrong('a member more', 'F-2', sealed({ ...good, more: 1 })),
  ];
}

/** Opens a commitment that is not in the bundle. */
const elsewhere = (salt: Uint8Array): DisclosedValue => ({
  ...{ commitment: toHex(commitment(salt, 'a', 'b')), field: 'a', salt: toBase64Url(salt) },
  value: 'b',
});

function offCurve(header: string): string {
  const text = fromUtf8(new Uint8Array(Buffer.from(header, 'base64url')));
  const zero = `${'A'.repeat(42)}E`;
  return toBase64Url(utf8(text.replace(/"x":"[^"]+","y":"[^"]+"/, `"x":"${zero}","y":"${zero}"`)));
}
