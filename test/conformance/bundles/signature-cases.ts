import { generateKeyPairSync, sign } from 'node:crypto';
import { PART, toPem } from '@mandate/evidence';
import { addSeconds, concat, fromHex, sha256, utf8 } from '@mandate/core';
import type { LetterEntry } from '@mandate/ledger';
import {
  basicConstraints,
  der,
  extendedKeyUsage,
  extension,
  keyUsage,
  OID,
  parseSignedData,
  readDer,
  sceneBinding,
  SCENE_BINDING_OID,
  type SceneBinding,
} from '@mandate/pki';
import {
  issue,
  makeKey,
  newSerial,
  type TestAuthority,
  type TestIdentity,
} from '../../kit/authority.js';
import { buildBundle, SCENE_EXTENSIONS, START, type Changes } from '../../kit/build-bundle.js';
import { flip } from '../../tamper/bundle-cases.js';
import { credentialOf } from './credential.js';
import type { BundleCase } from './bundle-case.js';
import {
  editCms,
  isType,
  RSA_SHA256,
  SHA512,
  signedMembers,
  SIGNING_TIME,
  type CmsEdits,
} from './cms-edits.js';

type Bytes = Uint8Array;
const OTHER = fromHex('e'.repeat(64));

/** Letter, seal, stamps, certificates and status: each with one thing that a sound one has not. */
export function signatureCases(authority: TestAuthority, stranger: TestAuthority): BundleCase[] {
  const { ca, root, seal, stamp, stampRoot } = authority;
  const cases: BundleCase[] = [];
  const add = (name: string, rule: string, changes: Changes, open = false): void =>
    void cases.push({
      name,
      make: async () => (await buildBundle(authority, changes)).bundle,
      verdict: open ? 'INDETERMINATE' : 'TOTAL-FAILED',
      rule,
    });
  const OPEN = true;

  // The letter and its one update.
  const update = (name: string, from: string, to: string): void =>
    add(`update: ${name}`, 'A-2', { update: replaced(from, to) });
  /** What our own writer would not sign: changed afterwards, so that the digest is another as well. */
  const afterwards = (name: string, from: string, to: string, rule = 'A-2'): void =>
    add(`update: ${name}`, rule, { signedLetter: replacedLast(from, to) });
  afterwards('another permission', '/P 1 ', '/P 2 ', 'A-3');
  afterwards('another kind of signature', '/ETSI.CAdES.detached', '/adbe.pkcs7.detached', 'A-3');
  afterwards('another handler', '/Adobe.PPKLite', '/Adobe.PPKMSxx', 'A-3');
  update('another extension level', '/ExtensionLevel 5', '/ExtensionLevel 8');
  afterwards('a comment in the signature’s dictionary', ' /ByteRange', '%/ByteRange');
  update('another base version', '/BaseVersion /1.7', '/BaseVersion /1.6');
  afterwards('a table that leads elsewhere', '/Prev ', '/Prev 1');
  afterwards('another identifier of the file', '/ID [<', '/ID [<00');
  update('another catalogue', '/Root 2 0 R', '/Root 1 0 R');
  update('an object freed', ' 00000 n', ' 00001 f');
  update('the field’s page exchanged', '/P 13 0 R', '/P 12 0 R');
  update('the field moved', '/Rect [349.28', '/Rect [049.28');
  update('the pages hidden by a new tree', '/Pages 1 0 R', '/Pages 3 0 R');
  afterwards(
    'a script when it opens',
    '/Lang (zh-CN)',
    '/Lang (zh-CN) /OpenAction << /S /JavaScript /JS (x) >>',
  );
  add('letter: one more revision beside the signed one', 'A-1', {
    bundleParts: (parts) => {
      const letter = parts.get(PART.letter)!;
      parts.set(PART.letter, concat(letter, utf8(secondRevision(letter))));
    },
  });
  add('letter: bytes before it', 'A-2', { signedLetter: (it) => concat(utf8('x'), it) });
  add('signature: zeros behind it are not zeros', 'A-3', {
    signedLetter: (it) => {
      const text = Buffer.from(it).toString('latin1');
      const end = text.lastIndexOf('0> /Reference');
      return new Uint8Array(Buffer.from(`${text.slice(0, end)}1${text.slice(end + 1)}`, 'latin1'));
    },
  });
  add('signature: its range ends before the file', 'A-3', {
    signedLetter: (it) => {
      const text = Buffer.from(it).toString('latin1');
      const changed = text
        .replace(/(\/ByteRange \[0 \d+ \d+ )(\d)(\d+)\]( )/, '$1$2$3]$4')
        .replace(
          /(\/ByteRange \[0 \d+ \d+ )(\d+)\]/,
          (_, head: string, last: string) =>
            `${head}${String(Number(last) - 1).padStart(last.length, '0')}]`,
        );
      return new Uint8Array(Buffer.from(changed, 'latin1'));
    },
  });

  // The letter's CMS: what is unsigned may be edited freely, what is signed only before signing.
  const cms = (name: string, rule: string, edits: (it: Bytes) => CmsEdits, open = false): void =>
    add(`cms: ${name}`, rule, { cms: (it) => editCms(it, edits(it)) }, open);
  cms('two signers', 'M-1', () => ({ signers: 2 }));
  cms('no signer', 'M-1', () => ({ signers: 0 }));
  cms('content within', 'M-1', () => ({ content: utf8('x') }));
  cms('another version', 'M-1', () => ({ version: 3 }));
  cms('another kind of content', 'M-1', () => ({ contentType: OID.tstInfo, version: 3 }));
  cms('a digest that is not listed', 'M-1', () => ({ digests: [SHA512] }));
  cms('another version of the signer', 'M-1', () => ({ signerVersion: 3 }));
  cms('without signed attributes', 'M-2', () => ({ signed: null }));
  cms('without its certificate', 'M-3', () => ({ certificates: [ca.certificate.der] }));
  cms('something unsigned beside the stamp', 'M-4', (it) => ({
    unsigned: [...unsignedOf(it), der.sequence(der.oid('1.2.3.4'), der.set(der.null()))],
  }));
  cms('two stamps', 'M-4', (it) => ({
    unsigned: [
      der.sequence(
        der.oid(OID.signatureTimestampToken),
        der.set(...unsignedTokens(it), editCms(unsignedTokens(it)[0]!, { signature: utf8('y') })),
      ),
    ],
  }));
  add('cms: not DER', 'M-1', { cms: (it) => concat(Uint8Array.of(0x30, 0x84, 0), it.subarray(3)) });
  const attributes = (name: string, change: (it: Bytes[]) => Bytes[], open = false): void =>
    add(
      `attributes: ${name}`,
      'M-2',
      { attributes: (it) => der.set(...change(readDer(it).children.map(({ bytes }) => bytes))) },
      open,
    );
  attributes('a signing time', (it) => [...it, SIGNING_TIME], OPEN);
  attributes(
    'no reference to the certificate',
    (it) => it.filter((each) => !isType(OID.signingCertificateV2)(each)),
    OPEN,
  );
  attributes('no message digest', (it) => it.filter((each) => !isType(OID.messageDigest)(each)));
  attributes('no content type', (it) => it.filter((each) => !isType(OID.contentType)(each)));
  attributes('another content type', (it) =>
    it.map((each) =>
      isType(OID.contentType)(each) ? withValue(OID.contentType, der.oid(OID.tstInfo)) : each,
    ),
  );
  attributes('the digest of something else', (it) =>
    it.map((each) =>
      isType(OID.messageDigest)(each) ? withValue(OID.messageDigest, der.octets(OTHER)) : each,
    ),
  );
  attributes(
    'a reference to another certificate',
    (it) => it.map((each) => (isType(OID.signingCertificateV2)(each) ? reference(OTHER) : each)),
    OPEN,
  );

  // Its stamp.
  const token = (name: string, rule: string, change: (it: Bytes) => Bytes, open = false): void =>
    add(`stamp: ${name}`, rule, { token: { der: change } }, open);
  const resigned = (
    it: Bytes,
    change: (members: Bytes[]) => Bytes[],
    signer: TestIdentity = stamp,
  ) => editCms(it, { signed: { attributes: change(signedMembers(it)), key: signer } });
  token('of another version', 'T-2', (it) =>
    info(it, (fields) => [der.integer(2), ...fields.slice(1)], stamp),
  );
  token('of another kind of content', 'T-2', (it) =>
    editCms(it, { contentType: '1.2.840.113549.1.9.16.1.5' }),
  );
  token('two signers', 'T-3', (it) => editCms(it, { signers: 2 }));
  token('without its certificate', 'T-4', (it) => editCms(it, { certificates: [] }), OPEN);
  token(
    'its signer named by another serial',
    'T-4',
    (it) => editCms(it, { signerId: der.sequence(stamp.certificate.issuerDer, der.integer(7)) }),
    OPEN,
  );
  token(
    'a reference to another certificate',
    'T-5',
    (it) =>
      resigned(it, (list) =>
        list.map((each) => (isType(OID.signingCertificateV2)(each) ? reference(OTHER) : each)),
      ),
    OPEN,
  );
  token(
    'no reference to its certificate',
    'T-5',
    (it) => resigned(it, (list) => list.filter((each) => !isType(OID.signingCertificateV2)(each))),
    OPEN,
  );
  token('without signed attributes', 'T-8', (it) => editCms(it, { signed: null }));
  token('another content type in what is signed', 'T-8', (it) =>
    resigned(it, (list) =>
      list.map((each) =>
        isType(OID.contentType)(each) ? withValue(OID.contentType, der.oid(OID.data)) : each,
      ),
    ),
  );
  token('the digest of something else', 'T-9', (it) =>
    resigned(it, (list) =>
      list.map((each) =>
        isType(OID.messageDigest)(each) ? withValue(OID.messageDigest, der.octets(OTHER)) : each,
      ),
    ),
  );
  token('its time changed after it was signed', 'T-9', (it) => {
    const text = Buffer.from(it).toString('latin1');
    return new Uint8Array(
      Buffer.from(text.replace('20261121090240.25Z', '20261121090241.25Z'), 'latin1'),
    );
  });
  token(
    'without accuracy',
    'T-13',
    (it) =>
      info(it, (fields) => fields.filter((each) => each[0] !== 0x30 || each === fields[2]), stamp),
    OPEN,
  );
  token('an unreadable one', 'T-1', () => der.sequence(der.oid(OID.data)));
  const stamper = (name: string, extensions: Bytes[], issuer: TestIdentity): TestIdentity =>
    authority.issueLeaf(name, issuer, extensions);
  const STAMPING = [
    basicConstraints(false),
    keyUsage('digitalSignature'),
    extendedKeyUsage([OID.timeStamping], true),
  ];
  const by = (name: string, rule: string, signer: () => TestIdentity, open = OPEN): void =>
    add(`stamp: ${name}`, rule, { token: { signer: signer() } }, open);
  by('by one that also signs documents', 'T-6', () =>
    stamper(
      'Both',
      [
        basicConstraints(false),
        keyUsage('digitalSignature'),
        extendedKeyUsage([OID.timeStamping, OID.documentSigning], true),
      ],
      stampRoot,
    ),
  );
  by('by one whose purpose is not critical', 'T-6', () =>
    stamper(
      'Lax',
      [basicConstraints(false), keyUsage('digitalSignature'), extendedKeyUsage([OID.timeStamping])],
      stampRoot,
    ),
  );
  by('by one under the root of scenes', 'T-7', () => stamper('Other root', STAMPING, root));
  by('by one issued by another stamping authority', 'T-7', () =>
    stamper('Leaf of leaf', STAMPING, stamp),
  );
  by('by a stranger under the right names', 'T-7', () =>
    stamper('Forged', STAMPING, { ...stampRoot, sign: stranger.stampRoot.sign }),
  );
  by(
    'by one that had ended',
    'T-7',
    () => dated('Ended', STAMPING, stampRoot, -86_400, -3600),
    false,
  );
  by(
    'by one that did not exist yet',
    'T-7',
    () => dated('Early', STAMPING, stampRoot, 3600, 86_400),
    false,
  );
  by('by one with an extension nobody knows', 'T-7', () =>
    stamper('Strange', [...STAMPING, extension('1.2.3.4', true, der.null())], stampRoot),
  );

  token(
    'by a key of 2048 bits, after its time',
    'T-17',
    (it) => {
      const weak = rsaStamp();
      const members = signedMembers(it).map((each) =>
        isType(OID.signingCertificateV2)(each) ? reference(sha256(weak.certificate.der)) : each,
      );
      return editCms(it, {
        certificates: [weak.certificate.der],
        signerId: der.sequence(weak.certificate.issuerDer, weak.certificate.serialDer),
        suite: RSA_SHA256,
        signed: { attributes: members, key: weak },
      });
    },
    OPEN,
  );

  // The scene certificate.
  const scene = (
    name: string,
    rule: string,
    extensions: (binding: Bytes) => Bytes[],
    open = OPEN,
  ): void => {
    let bound: SceneBinding | undefined;
    const changes: Changes = {
      binding: (it) => (bound = it),
      get sceneExtensions() {
        return extensions(sceneBinding(bound!));
      },
    };
    add(`certificate: ${name}`, rule, changes, open);
  };
  const [constraints, usage, purpose, access, shortTerm] = SCENE_EXTENSIONS as [
    Bytes,
    Bytes,
    Bytes,
    Bytes,
    Bytes,
  ];
  scene('an authority itself', 'X-4', (it) => [
    it,
    basicConstraints(true),
    usage,
    purpose,
    access,
    shortTerm,
  ]);
  scene('a critical extension nobody knows', 'X-4', (it) => [
    it,
    ...SCENE_EXTENSIONS,
    extension('1.2.3.4', true, der.null()),
  ]);
  scene('for signatures that can be denied', 'X-5', (it) => [
    it,
    constraints,
    keyUsage('digitalSignature'),
    purpose,
    access,
    shortTerm,
  ]);
  scene('that may issue others', 'X-5', (it) => [
    it,
    constraints,
    keyUsage('digitalSignature', 'nonRepudiation', 'keyCertSign'),
    purpose,
    access,
    shortTerm,
  ]);
  scene('for mail', 'X-5', (it) => [
    it,
    constraints,
    usage,
    extendedKeyUsage(['1.3.6.1.5.5.7.3.4']),
    access,
    shortTerm,
  ]);
  scene('for documents and stamps', 'X-5', (it) => [
    it,
    constraints,
    usage,
    extendedKeyUsage([OID.documentSigning, OID.timeStamping]),
    access,
    shortTerm,
  ]);
  scene('not said to live shortly', 'X-8', (it) => [it, constraints, usage, purpose, access]);
  scene(
    'a binding that is critical',
    'X-4',
    (it) => [
      extension(SCENE_BINDING_OID, true, readDer(it).children.at(-1)!.octets()),
      ...SCENE_EXTENSIONS,
    ],
    OPEN,
  );
  const issuedBy = (name: string, rule: string, issuer: () => TestIdentity, open = OPEN): void => {
    const sceneIssuer = issuer();
    const chain = utf8(
      [sceneIssuer, ca, root]
        .map(({ certificate }) => toPem('CERTIFICATE', certificate.der))
        .join(''),
    );
    add(
      `certificate: ${name}`,
      rule,
      { sceneIssuer, bundleParts: (parts) => void parts.set(PART.chain, chain) },
      open,
    );
  };
  issuedBy('issued by the seal', 'X-4', () => seal);
  issuedBy(
    'issued by an authority that had ended',
    'X-3',
    () =>
      dated('Old CA', [basicConstraints(true, 0), keyUsage('keyCertSign')], root, -86_400, -3600),
    false,
  );
  issuedBy('issued below an authority without room', 'X-4', () =>
    dated('Deep CA', [basicConstraints(true, 0), keyUsage('keyCertSign')], ca, -86_400, 86_400),
  );
  issuedBy('issued by the root of stamps', 'X-6', () => stampRoot);

  // The seal.
  const sealed = (name: string, rule: string, edits: (it: Bytes) => CmsEdits, open = false): void =>
    add(`seal: ${name}`, rule, { seal: (it) => editCms(it, edits(it)) }, open);
  sealed('two signers', 'S-1', () => ({ signers: 2 }));
  sealed('content within', 'S-1', () => ({ content: utf8('x') }));
  sealed('another version', 'S-1', () => ({ version: 3 }));
  sealed('a signing time', 'S-2', (it) => ({
    signed: { attributes: [...signedMembers(it), SIGNING_TIME], key: seal },
  }));
  sealed('over another manifest', 'S-2', (it) => ({
    signed: {
      attributes: signedMembers(it).map((each) =>
        isType(OID.messageDigest)(each) ? withValue(OID.messageDigest, der.octets(OTHER)) : each,
      ),
      key: seal,
    },
  }));
  sealed('a reference to another certificate', 'S-2', (it) => ({
    signed: {
      attributes: signedMembers(it).map((each) =>
        isType(OID.signingCertificateV2)(each) ? reference(OTHER) : each,
      ),
      key: seal,
    },
  }));
  sealed('without a stamp', 'S-3', () => ({ unsigned: [] }));
  add('seal: stamped over something else', 'S-3', { sealToken: { digest: OTHER } });
  add('seal: its stamp inaccurate', 'S-3', { sealToken: { accuracySeconds: 5 } }, OPEN);
  add('seal: its stamp in the future', 'S-3', { sealToken: { genTime: 7200 } }, OPEN);
  add(
    'seal: a certificate that had ended',
    'S-3',
    {
      sealSigner: dated(
        'Old Seal',
        [
          basicConstraints(false),
          keyUsage('digitalSignature', 'nonRepudiation'),
          extendedKeyUsage([OID.documentSigning]),
        ],
        root,
        -86_400,
        -3600,
      ),
    },
    OPEN,
  );
  add(
    'seal: under the root of stamps',
    'S-4',
    {
      sealSigner: stamper(
        'Seal of stamps',
        [
          basicConstraints(false),
          keyUsage('digitalSignature', 'nonRepudiation'),
          extendedKeyUsage([OID.documentSigning]),
        ],
        stampRoot,
      ),
    },
    OPEN,
  );

  // Status.
  add('revocation: a byte of it changed', 'O-2', { ocsp: { der: flip(-1) } }, OPEN);
  add(
    'revocation: answered by a stranger’s authority',
    'O-2',
    { ocsp: { signer: stranger.ca } },
    OPEN,
  );
  add(
    'revocation: from long after the certificate’s end',
    'O-3',
    { ocsp: { producedAt: 7200 } },
    OPEN,
  );
  add('revocation: an error and no answer', 'O-1', {
    ocsp: { der: () => der.sequence(der.enumerated(6)) },
  });

  // What the ledger says.
  const entry = (name: string, rule: string, change: (it: LetterEntry) => object): void =>
    add(`ledger: ${name}`, rule, { entry: (it) => change(it) as LetterEntry });
  entry('an entry with a member more', 'L-1', (it) => ({ ...it, note: 'x' }));
  entry('an entry without its time', 'L-1', ({ at: _, ...it }) => it);
  entry('an entry with a time of milliseconds', 'L-1', (it) => ({
    ...it,
    at: it.at.replace('Z', '.000Z'),
  }));
  entry('an entry of no kind', 'L-1', (it) => ({ ...it, kind: 'letters' }));
  entry('an entry of another kind', 'L-7', ({ format, at, serial }) => ({
    ...{ format, at, serial },
    kind: 'void',
    reason: 'x',
  }));
  entry('an entry of a digest in capitals', 'L-1', (it) => ({
    ...it,
    letter: it.letter.toUpperCase(),
  }));
  const proof = (name: string, rule: string, change: (it: string) => string, open = false): void =>
    add(`ledger: ${name}`, rule, { proof: change }, open);
  proof('a proof of another version', 'L-3', (it) => it.replace('@v1', '@v2'));
  proof('a proof with another line end', 'L-3', (it) => it.replace('\n', '\r\n'));
  proof('a proof with a leading zero', 'L-3', (it) => it.replace('index 2', 'index 02'));
  proof('a proof of a place beyond the ledger', 'L-6', (it) => it.replace('index 2', 'index 9'));
  proof('a proof one hash short', 'L-6', (it) => it.replace(/(index 2\n)[^\n]+\n/, '$1'));
  proof('a proof with hashes exchanged', 'L-6', (it) =>
    it.replace(/(index 2\n)([^\n]+\n)([^\n]+\n)/, '$1$3$2'),
  );
  proof('a head without its signature', 'L-3', (it) => it.replace(/\n\u2014 [^\n]+\n$/, '\n'));
  proof('a head with something behind', 'L-3', (it) => `${it}x`);

  let ended = '';
  add('passkey: ended before it answered', 'P-7', {
    measures: ['sms-code', 'passkey'],
    passkey: {
      record: (it) => {
        ended = credentialOf(it);
        return it;
      },
    },
    steps: (steps) => [
      ...steps.slice(0, 2),
      ['passkey-revoked', 'ra', 90, { credential: ended }],
      ...steps.slice(2),
    ],
  });
  return cases;

  function rsaStamp(): TestIdentity {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = {
      spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
      sign: (message: Bytes) => new Uint8Array(sign('sha256', message, privateKey)),
    };
    const { certificate } = issue({
      commonName: 'Weak stamp',
      key,
      issuer: stampRoot,
      notBefore: addSeconds(START, -86_400),
      notAfter: new Date('2030-01-01T00:00:00Z'),
      extensions: STAMPING,
    });
    return { ...key, certificate };
  }

  function dated(
    commonName: string,
    extensions: Bytes[],
    issuer: TestIdentity,
    from: number,
    until: number,
  ): TestIdentity {
    const key = makeKey();
    const { certificate } = issue({
      commonName,
      key,
      issuer,
      serial: newSerial(),
      notBefore: addSeconds(START, from),
      notAfter: addSeconds(START, until),
      extensions,
    });
    return { ...key, certificate };
  }
}

const replaced =
  (from: string, to: string) =>
  (it: Bytes): Bytes =>
    new Uint8Array(Buffer.from(Buffer.from(it).toString('latin1').replace(from, to), 'latin1'));

/** In what was appended, which is the last. */
const replacedLast =
  (from: string, to: string) =>
  (it: Bytes): Bytes => {
    const text = Buffer.from(it).toString('latin1');
    const at = text.lastIndexOf(from);
    return new Uint8Array(
      Buffer.from(text.slice(0, at) + to + text.slice(at + from.length), 'latin1'),
    );
  };

const withValue = (type: string, value: Bytes): Bytes =>
  der.sequence(der.oid(type), der.set(value));

const reference = (digest: Bytes): Bytes =>
  withValue(OID.signingCertificateV2, der.sequence(der.sequence(der.sequence(der.octets(digest)))));

const unsignedTokens = (cms: Bytes): readonly Bytes[] =>
  parseSignedData(cms).signers[0]!.timestampTokens;
const unsignedOf = (cms: Bytes): Bytes[] =>
  unsignedTokens(cms).map((token) => withValue(OID.signatureTimestampToken, token));

/** A token over changed members of its TSTInfo, signed anew. */
function info(token: Bytes, change: (fields: Bytes[]) => Bytes[], signer: TestIdentity): Bytes {
  const content = der.sequence(
    ...change(readDer(parseSignedData(token).content!).children.map(({ bytes }) => bytes)),
  );
  const members = signedMembers(token).map((each) =>
    isType(OID.messageDigest)(each)
      ? withValue(OID.messageDigest, der.octets(sha256(content)))
      : each,
  );
  return editCms(token, { content, signed: { attributes: members, key: signer } });
}

/** One more revision that changes nothing: an empty table. */
function secondRevision(letter: Bytes): string {
  const previous = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(
    Buffer.from(letter).toString('latin1'),
  )![1]!;
  const trailer = /trailer\s*<<([\s\S]*?)>>\s*startxref/.exec(
    Buffer.from(letter).toString('latin1'),
  )![1]!;
  return `xref\n0 0\ntrailer\n<<${trailer}/Prev ${previous} >>\nstartxref\n${letter.length}\n%%EOF\n`;
}
