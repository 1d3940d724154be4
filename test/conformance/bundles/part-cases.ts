import { canonicalize, concat, fromUtf8, utf8 } from '@mandate/core';
import { PART } from '@mandate/evidence';
import { parseSignedData, parseTstInfo, timestampRequest } from '@mandate/pki';
import { makeAuthority, type TestAuthority } from '../../kit/authority.js';
import { buildBundle, type Changes } from '../../kit/build-bundle.js';
import type { BundleCase } from './bundle-case.js';
import { lazily } from './container-cases.js';

type Bytes = Uint8Array;
type Json = Record<string, unknown>;

const EVERYTHING: Changes = {
  measures: ['sms-code', 'passkey'],
  identity: {},
  delivery: (it) => it,
};

/** Parts that are spelled or shaped otherwise, sealed by the operator; parts of another authorization. */
export function partCases(authority: TestAuthority): BundleCase[] {
  const cases: BundleCase[] = [];
  const add = (name: string, rule: string | undefined, changes: Changes): void =>
    void cases.push({
      name,
      make: async () => (await buildBundle(authority, { ...EVERYTHING, ...changes })).bundle,
      verdict: 'TOTAL-FAILED',
      ...(rule === undefined ? {} : { rule }),
    });
  const part = (name: string, change: (it: Bytes) => Bytes): Changes => ({
    bundleParts: (parts) => void parts.set(name, change(parts.get(name)!)),
  });

  const spelled = [...JSON_PARTS, PART.proofOfPossession];
  for (const name of spelled) {
    const [spelling, shape] = name === PART.terms ? ['D-3', 'D-3'] : ['C-1', 'C-2'];
    add(
      `spelling: a space in ${name}`,
      spelling,
      part(name, (it) => concat(utf8(' '), it)),
    );
    add(
      `spelling: a member twice in ${name}`,
      spelling,
      part(name, (it) => utf8(fromUtf8(it).replace(/\{"(\w+)":("[^"]*"|\d+)/, '{"$1":$2,"$1":$2'))),
    );
    if (name !== PART.trail)
      add(
        `shape: a member nobody knows in ${name}`,
        shape,
        part(name, (it) => json(it, { zzz: 1 })),
      );
  }
  add(
    'spelling: an escape more than needed',
    'C-1',
    part(PART.scene, (it) => utf8(fromUtf8(it).replace('aut_', '\\u0061ut_'))),
  );
  add(
    'spelling: a fraction',
    'C-1',
    part(PART.presentation, (it) =>
      utf8(fromUtf8(it).replace('"secondsOpen":55', '"secondsOpen":55.0')),
    ),
  );
  add(
    'spelling: minus zero',
    'C-1',
    part(PART.presentation, (it) =>
      utf8(fromUtf8(it).replace('"secondsOpen":55', '"secondsOpen":-0')),
    ),
  );
  add(
    'spelling: beyond safe integers',
    'C-1',
    part(PART.presentation, (it) =>
      utf8(fromUtf8(it).replace('"secondsOpen":55', '"secondsOpen":9007199254740992')),
    ),
  );
  add(
    'spelling: not in NFC',
    'C-1',
    part(PART.template, (it) => utf8(fromUtf8(it).replace('PIA-1', 'PIA-e\u0301'))),
  );
  add(
    'spelling: a byte order mark',
    'C-1',
    part(PART.challenge, (it) => concat(utf8('\ufeff'), it)),
  );
  add(
    'spelling: no UTF-8',
    'C-1',
    part(PART.challenge, (it) => concat(it, Uint8Array.of(0xff))),
  );
  const shape = (name: string, members: Json, what: string, rule = 'C-2'): void =>
    add(
      `shape: ${what}`,
      rule,
      part(name, (it) => json(it, members)),
    );
  shape(PART.scene, { gate: 'none' }, 'a gate of no kind');
  shape(PART.scene, { measures: ['sms-code', 'face'] }, 'a measure of no kind');
  add('shape: a day that does not exist', 'C-2', {
    scene: (it) => ({ ...it, frozenAt: '2026-02-30T00:00:00Z' }),
  });
  shape(PART.scene, { frozenAt: '2026-11-21T09:02:00+00:00' }, 'a moment with an offset');
  shape(PART.scene, { presentation: 'E'.repeat(64) }, 'a digest in capitals');
  shape(PART.scene, { authorization: 'authorization-1' }, 'an id that is none');
  shape(PART.scene, { pageBuild: undefined }, 'a member missing');
  shape(PART.scene, { set: null }, 'an absent member as null');
  shape(PART.codeRecord, { digits: 5 }, 'a code of five digits');
  shape(PART.codeRecord, { tries: 0 }, 'a code nobody tried');
  shape(PART.codeRecord, { code: '482915' }, 'the code itself');
  shape(PART.codeRecord, { channel: 'mail' }, 'a code by mail');
  shape(PART.presentation, { alternative: 'none' }, 'an alternative of no kind');
  shape(PART.presentation, { viewport: { width: '360', height: 740 } }, 'a width in letters');
  shape(PART.parts, { format: 'mandate-parts/v9' }, 'another format');
  shape(PART.delivery, { sends: 'none' }, 'sends that are no list');
  shape(PART.passkey, { signature: 'AA==' }, 'padded base64url');
  shape(PART.identity, { results: [{}] }, 'a result without members');
  add('provenance: of another page than the scene says', 'E-16', {
    bundleParts: (parts) => {
      const build = { digest: 'c'.repeat(64), commit: 'a1b2c3d', lockfile: 'b'.repeat(64) };
      const text = { format: 'mandate-provenance/v1', page: build, server: build };
      parts.set(PART.provenance, utf8(canonicalize(text)));
    },
  });
  cases.push({
    name: 'stamp: kept with a request about something else',
    make: async () => {
      const { bundle } = await buildBundle(authority, {
        bundleParts: (parts) => {
          const nonce = parseTstInfo(parseSignedData(parts.get(PART.token)!).content!).nonce!;
          parts.set(PART.tokenRequest, timestampRequest({ digest: new Uint8Array(32), nonce }));
        },
      });
      return bundle;
    },
    verdict: 'INDETERMINATE',
    rule: 'T-12',
  });
  shape(PART.terms, { language: 'fr' }, 'terms in French', 'D-3');
  shape(PART.terms, { letterNumber: 'M20261121-7F3K9Q2I' }, 'a letter number with an I', 'D-3');
  shape(PART.terms, { salt: 'BwcH' }, 'a salt of three bytes', 'D-3');
  shape(PART.terms, { uses: { kind: 'count', count: 101 } }, 'a hundred and one uses', 'D-3');
  shape(PART.terms, { uses: { kind: 'unlimited' } }, 'unlimited uses', 'D-3');
  shape(PART.terms, { items: [] }, 'no item', 'D-3');
  shape(PART.terms, { verifyUrl: 'ftp://mandate.test/' }, 'an address of another kind', 'D-3');
  shape(PART.terms, { businessReference: 'LOAN\u200b1' }, 'a character nobody sees', 'D-3');
  shape(PART.terms, { businessReference: ' LOAN' }, 'outer white space', 'D-3');
  const subject = {
    idNumber: '11010519491231002X',
    idType: 'cn-resident-id',
    name: '张䶮',
    phone: '13800138000',
  };
  shape(
    PART.terms,
    { subject: { ...subject, idNumber: '110105194912310021' } },
    'a wrong check character',
    'D-3',
  );
  shape(
    PART.terms,
    { subject: { ...subject, phone: '12800138000' } },
    'a phone of no network',
    'D-3',
  );
  shape(PART.terms, { subject: { ...subject, name: '' } }, 'a subject without a name', 'D-3');
  shape(
    PART.terms,
    {
      institution: {
        name: '禾穗消费金融有限公司',
        creditCode: '91440300MA5EXAMP1A',
        contact: '1',
        complaints: '2',
      },
    },
    'a wrong credit code',
    'D-3',
  );

  add(
    'spelling: a certificate with text that is no block',
    'B-7',
    part(PART.sceneCertificate, (it) => utf8(fromUtf8(it).replaceAll('CERTIFICATE', 'PUBLIC KEY'))),
  );
  add(
    'spelling: a certificate broken off',
    'B-7',
    part(PART.chain, (it) => it.subarray(0, -40)),
  );
  add(
    'spelling: a provider’s page instead of a digest',
    'C-2',
    part(PART.challenge, (it) => json(it, { serverNonce: 'nonce' })),
  );

  // Another letter of another person, by the same operator, with everything in order.
  const another = lazily(
    async () =>
      (
        await buildBundle(
          authority,
          { ...EVERYTHING, templateRecord: (it) => ({ ...it, assessment: 'PIA-2' }) },
          'en',
        )
      ).parts,
  );
  for (const name of [...JSON_PARTS, ...BINARY_PARTS])
    cases.push({
      name: `of another letter: ${name}`,
      make: async () => {
        const other = await another();
        return (
          await buildBundle(authority, {
            ...EVERYTHING,
            bundleParts: (parts) => void parts.set(name, other.get(name)!),
          })
        ).bundle;
      },
      // what speaks of neither letter nor digest proves nothing by being there
      verdict: name === PART.tokenRequest || name === PART.ocsp ? 'INDETERMINATE' : 'TOTAL-FAILED',
    });
  cases.push(
    {
      name: 'of another letter: two letters under one serial',
      make: async () => twoUnderOneSerial(authority),
      verdict: 'TOTAL-FAILED',
      rule: 'L-8',
    },
    {
      name: 'of another ledger: a proof by the same name and another key',
      make: async () =>
        (await buildBundle(authority, { ledgerKey: makeAuthority().ledger })).bundle,
      verdict: 'INDETERMINATE',
      rule: 'L-5',
    },
  );
  return cases;
}

const JSON_PARTS = [
  PART.terms,
  PART.template,
  PART.scene,
  PART.challenge,
  PART.presentation,
  PART.parts,
  PART.trail,
  PART.codeRecord,
  PART.passkey,
  PART.delivery,
  PART.identity,
];
const BINARY_PARTS = [
  PART.signedLetter,
  PART.sceneCertificate,
  PART.proofOfPossession,
  PART.tokenRequest,
  PART.token,
  PART.ocsp,
];

const json = (bytes: Bytes, members: Json): Bytes =>
  utf8(canonicalize(prune({ ...(JSON.parse(fromUtf8(bytes)) as Json), ...members }) as never));

const prune = (value: Json): Json =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));

/** The operator has the key and signs again: the ledger holds the first signature. */
async function twoUnderOneSerial(authority: TestAuthority): Promise<Bytes> {
  let first = '';
  await buildBundle(authority, {
    entry: (it) => {
      first = it.signature;
      return it;
    },
  });
  return (await buildBundle(authority, { entry: (it) => ({ ...it, signature: first }) })).bundle;
}
