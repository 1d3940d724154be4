import {
  addSeconds,
  commitment,
  fromUtf8,
  systemRandom,
  toBase64Url,
  toHex,
  utf8,
  type PasskeyRecord,
} from '@mandate/core';
import { anchorFiles, disclose, PART, readBundle } from '@mandate/evidence';
import { cosignatureLine, cosignatureToSign, readCheckpoint, vkey } from '@mandate/ledger';
import { EVIDENCE_SEAL_POLICY } from '@mandate/pki';
import { makeReport, reportJson, reportXml, sealedReport } from '@mandate/report';
import { verifyFile, type TrustAnchors } from '@mandate/verify';
import { credentialOf } from '../conformance/bundles/credential.js';
import { archivedLetter, makeStampAuthority, stampLetter } from './archived-letter.js';
import { makeAuthority, makeKey, sealing, type TestAuthority } from './authority.js';
import { buildBundle, LATER, START, type Changes } from './build-bundle.js';
import { addGeneration, factsOf } from './bundle-generations.js';
import { choiceTemplate, OPTIONAL_ITEM } from './choice-template.js';
import type { Expected, ExpectedArtefact, V1_GOLDENS } from './golden.js';
import { makeProductGolden } from './make-product-golden.js';
import { makeReader } from './make-reader.js';
import { makeReceipt, makeStatusList } from './make-receipt.js';
import { reportAuthority } from './report-authority.js';

/** One folder of goldens. */
export interface Golden {
  readonly name: (typeof V1_GOLDENS)[number];
  readonly anchors: TrustAnchors;
  readonly expected: Expected;
  readonly files: Readonly<Record<string, Uint8Array | string>>;
}

const PASSED = { verdict: 'TOTAL-PASSED' } as const;

/**
 * Evidence in every form that v1 has, as of one moment of a fixed clock, but for what the product makes. The keys are made for it and thrown away:
 * nobody, not even we, can make more of the same, so what is here was here when it was added.
 */
export async function makeGoldens(names: readonly Golden['name'][]): Promise<readonly Golden[]> {
  const authority = makeAuthority();
  const made: Golden[] = [];
  const together: readonly (readonly [readonly Golden['name'][], () => Promise<Golden[]>])[] = [
    [['plain'], async () => [await plain(authority)]],
    [['english'], async () => [await english(authority)]],
    [['strong', 'disclosed', 'renewed'], () => strong(authority)],
    [['receipts'], async () => [await receipts(authority)]],
    [['checkpoint'], async () => [await heads(authority)]],
    [['report'], async () => [await report(authority)]],
    [['product'], async () => [await makeProductGolden()]],
  ];
  for (const [group, make] of together)
    if (group.some((name) => names.includes(name)))
      made.push(...(await make()).filter(({ name }) => names.includes(name)));
  return made;
}

/** A folder that is judged for `at`, and in which all that is there passes. */
function golden(
  name: Golden['name'],
  authority: TestAuthority,
  files: Golden['files'],
  more: {
    readonly at?: Date;
    readonly anchors?: TrustAnchors;
    readonly artefacts?: Readonly<Record<string, Partial<ExpectedArtefact>>>;
  } = {},
): Golden {
  const judged = Object.keys(files).filter((file) => !/\.(?:jwk|xml|txt)$/.test(file));
  const artefacts = judged
    .filter((file) => file !== 'bundle.asice')
    .map((file) => [file, { ...PASSED, ...more.artefacts?.[file] }] as const);
  return {
    name,
    files,
    anchors: more.anchors ?? authority.anchors,
    expected: {
      at: (more.at ?? LATER).toISOString(),
      ...('bundle.asice' in files && PASSED),
      ...('reader.jwk' in files && { reader: 'reader.jwk' }),
      artefacts: Object.fromEntries(artefacts),
    },
  };
}

/** A code alone: the smallest there is, with what stands in it by itself. */
async function plain(authority: TestAuthority): Promise<Golden> {
  const { bundle, signedLetter } = await buildBundle(authority);
  const proof = readBundle(bundle).letterProof!;
  return golden(
    'plain',
    authority,
    { 'bundle.asice': bundle, 'letter-signed.pdf': signedLetter, 'letter.tlog-proof': proof },
    { artefacts: { 'letter.tlog-proof': { with: ['letter-signed.pdf'] } } },
  );
}

const DIGEST = 'd'.repeat(64);
const BUILD = { digest: DIGEST, commit: 'a1b2c3d', lockfile: 'b'.repeat(64) };

/** In English, one letter of a set, with choices, a report of delivery and builds; answered by an Ed25519 passkey as well. */
async function english(authority: TestAuthority): Promise<Golden> {
  const changes: Changes = {
    template: choiceTemplate,
    measures: ['sms-code', 'passkey'],
    passkey: { algorithm: 'EdDSA' },
    set: { position: 2, of: 3 },
    delivery: (it) => it,
    presentation: (it) => ({
      ...it,
      pageBuild: DIGEST,
      choices: { items: [OPTIONAL_ITEM], recipients: [] },
    }),
    scene: (it) => ({ ...it, pageBuild: DIGEST }),
    bundleParts: (parts) => {
      const provenance = `{"format":"mandate-provenance/v1","page":${BUILD_TEXT},"server":${BUILD_TEXT}}`;
      parts.set(PART.provenance, utf8(provenance));
    },
  };
  const { bundle } = await buildBundle(authority, changes, 'en');
  return golden('english', authority, { 'bundle.asice': bundle });
}
const BUILD_TEXT = `{"commit":"${BUILD.commit}","digest":"${BUILD.digest}","lockfile":"${BUILD.lockfile}"}`;

/**
 * A person who was checked and answered with a passkey; then a use, a dispute, a withdrawal, a release, the end of the
 * passkey and of keys; the archived letter, renewed once its first stamping authority has gone; and a copy that tells
 * one reader who used it.
 */
async function strong(authority: TestAuthority): Promise<Golden[]> {
  const made = await archivedLetter(authority, 220, {
    measures: ['sms-code', 'passkey'],
    identity: {},
    delivery: (it) => it,
  });
  const facts = factsOf(made);
  const record = JSON.parse(fromUtf8(made.parts.get(PART.passkey)!)) as PasskeyRecord;
  const credential = credentialOf(record);
  const registered = (Date.parse(record.registration.at) - START.getTime()) / 1000;
  const salt = systemRandom.bytes(32);
  const person = '{"name":"王五","no":"0042"}';
  const operator = toHex(commitment(salt, 'operator', person));
  const used = { ...facts.redemption('one', 300, true, { operator }), stamped: 303 };

  const first = await addGeneration(authority, made, made.bundle, {
    facts: [used],
    entries: [facts.renewal(1, made.archived, made.signedLetter, 230)],
    state: { uses: { counted: 1, reserved: 1 } },
    accesses: [10, 20, 301],
    letter: made.archived,
    at: 320,
  });
  const second = await addGeneration(authority, made, first, {
    facts: [facts.release(420), facts.hold(500), { ...facts.withdrawal(600), stamped: 603 }],
    entries: [
      facts.step(used, 'confirmed', 400),
      facts.entry('credential-end', 640, { credential }),
      facts.keyEnd('report-seal', authority.reportSeal.spki, 650),
    ],
    state: { uses: { counted: 1 }, hold: 'open', withdrawn: true, releases: 1 },
    accesses: [350, 610],
    at: 700,
  });
  // the registration stands in the ledger before the letter
  const grown = await addGeneration(
    authority,
    made,
    second,
    {
      entries: [facts.entry('credential', registered, { credential })],
      state: { uses: { counted: 1 }, hold: 'open', withdrawn: true, releases: 1 },
      at: 800,
    },
    { from: 1 },
  );
  const reader = makeReader();
  const { d: _, ...to } = reader;
  const told = { commitment: operator, field: 'operator', salt: toBase64Url(salt), value: person };
  return [
    golden('strong', authority, {
      'bundle.asice': grown,
      'letter-archived.pdf': made.archived,
      ...proofFiles(grown),
    }),
    golden('disclosed', authority, {
      'bundle.asice': disclose(grown, to, [told], systemRandom),
      'reader.jwk': text(reader),
    }),
    await renewed(authority, made, grown),
  ];
}

/** The first of its entries that came later, by itself. */
function proofFiles(bundle: Uint8Array): Record<string, Uint8Array> {
  const [first] = readBundle(bundle).later;
  const name = [...first!.entries.keys()].find((it) => it.endsWith('.tlog-proof'));
  return { 'entry.tlog-proof': first!.entries.get(name!)! };
}

/** Seven years later, after the first stamping authority has ended: by another, whose root is its own. */
async function renewed(
  authority: TestAuthority,
  made: Awaited<ReturnType<typeof archivedLetter>>,
  bundle: Uint8Array,
): Promise<Golden> {
  const early = new Date('2030-05-21T00:00:00Z');
  const at = new Date('2033-05-21T00:00:00Z');
  const young = makeStampAuthority('Young Timestamp Authority', {
    from: early,
    until: new Date('2040-05-21T00:00:00Z'),
    rootUntil: new Date('2045-05-21T00:00:00Z'),
  });
  const seconds = (early.getTime() - START.getTime()) / 1000 + 3600;
  const letter = stampLetter(made.archived, young.stamp, seconds);
  // the first seal's key has ended by then, another one seals
  const extensions = sealing(EVIDENCE_SEAL_POLICY);
  const seal = authority.issueLeaf('Second Test Seal', authority.root, extensions);
  const successor = { ...authority, stamp: young.stamp, seal };
  const facts = factsOf(made);
  const grown = await addGeneration(successor, made, bundle, {
    entries: [
      facts.keyEnd('seal', authority.seal.spki, seconds - 86_400),
      facts.renewal(2, letter, made.archived, seconds + 5),
    ],
    letter,
    state: { uses: { counted: 1 }, hold: 'open', withdrawn: true, releases: 1 },
    at: seconds + 60,
  });
  const anchors = {
    ...authority.anchors,
    timestamp: [...authority.anchors.timestamp, young.root.der],
  };
  return golden(
    'renewed',
    authority,
    { 'bundle.asice': grown, 'letter-archived.pdf': letter },
    { at, anchors },
  );
}

/** One receipt of each kind, and the list that says whether a use may still be acted on. */
async function receipts(authority: TestAuthority): Promise<Golden> {
  const made = await buildBundle(authority, {}, 'en');
  const kinds = [
    'redemption',
    'withdrawal',
    'hold',
    'hold-resolution',
    'end',
    'release',
    'restriction',
    'erasure',
  ];
  const files = kinds.map((kind) => [`${kind}.jws`, makeReceipt(authority, made, kind)] as const);
  const beside = { with: ['letter-signed.pdf'] };
  return golden(
    'receipts',
    authority,
    {
      ...Object.fromEntries(files),
      'status.jws': makeStatusList(authority, {}),
      'letter-signed.pdf': made.signedLetter,
    },
    {
      artefacts: {
        ...Object.fromEntries(kinds.map((kind) => [`${kind}.jws`, beside])),
        'redemption.jws': { with: ['letter-signed.pdf', 'status.jws'] },
      },
    },
  );
}

/** A ledger's head, cosigned by a witness. */
async function heads(authority: TestAuthority): Promise<Golden> {
  const { bundle } = await buildBundle(authority, {}, 'en');
  const proof = fromUtf8(readBundle(bundle).letterProof!);
  const note = proof.slice(proof.indexOf('\n\n') + 2);
  const { text: head } = splitNote(note);
  const witness = makeKey('ed25519');
  const name = 'witness.test/w1';
  const at = addSeconds(START, 170);
  const line = cosignatureLine({
    ...{ name, at, publicKey: witness.spki },
    signature: witness.sign(cosignatureToSign(head, at)),
  });
  const anchors = {
    ...authority.anchors,
    ledger: [...authority.anchors.ledger, vkey(name, witness.spki, 'cosignature')],
  };
  readCheckpoint(note);
  return golden('checkpoint', authority, { checkpoint: `${note}${line}` }, { anchors });
}

const splitNote = (note: string): { text: string } => ({
  text: note.slice(0, note.lastIndexOf('\n\n') + 1),
});

/** A report on a bundle as data, as a sealed paper in two languages and as XML. */
async function report(authority: TestAuthority): Promise<Golden> {
  const { bundle } = await buildBundle(authority, {
    measures: ['sms-code', 'passkey'],
    identity: {},
  });
  const { anchors } = authority;
  const made = makeReport({
    ...{ bundle, anchors, verification: verifyFile(bundle, { anchors, at: LATER }) },
    ...{ applicant: 'desk', reportId: 'rep_019a1111-2222-7333-8444-555566667777' },
    ...{ madeAt: addSeconds(LATER, 60), publicUrl: 'https://mandate.test' },
    tools: { node: '20.20.0' },
  });
  const by = reportAuthority(authority);
  return golden(
    'report',
    authority,
    {
      'bundle.asice': bundle,
      'report.json': reportJson(made),
      'report-zh.pdf': await sealedReport(made, 'zh', by),
      'report-en.pdf': await sealedReport(made, 'en', by),
      'report.xml': reportXml(made),
    },
    {
      at: addSeconds(LATER, 3600),
      artefacts: {
        'report.json': { with: ['report-zh.pdf', 'bundle.asice'] },
        'report-zh.pdf': { with: ['bundle.asice'] },
      },
    },
  );
}

const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** All files of a folder by name, expectations and anchors included. */
export const filesOf = ({ files, anchors, expected }: Golden): [string, Uint8Array][] => [
  ...Object.entries(files).map(([name, content]): [string, Uint8Array] => [
    name,
    typeof content === 'string' ? utf8(content) : content,
  ]),
  ['expected.json', utf8(text(expected))],
  ...anchorFiles(anchors).map(([name, bytes]): [string, Uint8Array] => [`trust/${name}`, bytes]),
];
