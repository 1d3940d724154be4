import { randomBytes } from 'node:crypto';
import {
  addSeconds,
  canonicalBytes,
  commitment,
  concat,
  FIRST_PREVIOUS,
  fromBase64Url,
  fromHex,
  fromUtf8,
  kindDigestHex,
  setChallengeDigest,
  sha256,
  sha256Hex,
  toBase64Url,
  toHex,
  toUtcSeconds,
  utf8,
  type Challenge,
  type CodeRecord,
  type DeliveryRecord,
  type Measure,
  type ConfirmationParts,
  type PresentationRecord,
  type Scene,
  type TemplateEvidence,
  type TrailEvent,
} from '@mandate/core';
import {
  ANCHOR_FOLDERS,
  buildBundle as writeBundle,
  BUNDLE_MIME,
  bundleReadme,
  LETTER_PROOF,
  MANIFEST,
  manifestOf,
  MIMETYPE,
  PART,
  readZip,
  SEAL,
  toPem,
  withLetterProof,
} from '@mandate/evidence';
import {
  assembleNote,
  checkpointBody,
  entryBytes,
  formatProof,
  Frontier,
  inclusionProof,
  leafHash,
  noteToSign,
  type LetterEntry,
} from '@mandate/ledger';
import { renderLetter, SIGNATURE_FIELD } from '@mandate/letter';
import {
  closeSignature,
  readPdf,
  readSignatures,
  signatureUpdate,
  signedRanges,
} from '@mandate/pdf';
import {
  assembleOcspResponse,
  assembleSignedData,
  authorityInfoAccess,
  basicConstraints,
  certIdOf,
  extendedKeyUsage,
  keyUsage,
  ocspResponseData,
  OID,
  sceneBinding,
  signedAttributes,
  timestampRequest,
  tstInfo,
  validityAssuredShortTerm,
  type Certificate,
  type CertStatus,
  type SceneBinding,
} from '@mandate/pki';
import {
  buildTerms,
  creditReportTemplate,
  templateDigest,
  termsDigest,
  termsText,
  type TemplateBody,
  type Terms,
} from '@mandate/terms';
import { identityDigest, makeIdentity, type IdentityMade } from './make-identity.js';
import { makePasskey, type PasskeyMade } from './make-passkey.js';
import { rawZip } from './raw-zip.js';
import { rezip } from './rezip.js';
import {
  issue,
  makeKey,
  newSerial,
  type TestAuthority,
  type TestIdentity,
  type TestKey,
} from './authority.js';

/** Start of the ceremony in every test bundle. */
export const START = new Date('2026-11-21T09:00:00Z');
/** When a test verifies, unless it says otherwise: ten minutes later, the certificate being expired. */
export const LATER = addSeconds(START, 3600);

const after = (seconds: number): Date => addSeconds(START, seconds);
const milliseconds = (at: Date): string => at.toISOString();

type Change<T> = (value: T) => T;

/** An event before it is linked into its trail; the time is in seconds after START. */
export type Step = readonly [
  type: TrailEvent['type'],
  by: TrailEvent['by'],
  at: number,
  data: TrailEvent['data'],
];

/**
 * One change per stage; whatever follows a stage is built on the changed value, so that a test shows
 * exactly one inconsistency, made by somebody who holds every key but the one that matters.
 */
export interface Changes {
  /** Default: the sample template, which leaves nothing to choose, asking for `measures` and `identity`. */
  template?: TemplateBody;
  terms?: Change<Terms>;
  /** How the template came about; the trail follows it. */
  templateRecord?: Change<TemplateEvidence>;
  /** The letter as shown. */
  letter?: Change<Uint8Array>;
  /** What was shown and chosen; event, scene and parts follow it. */
  presentation?: Change<PresentationRecord>;
  scene?: Change<Scene>;
  challenge?: Change<Challenge>;
  /** What the subject's key proves; default the challenge's digest. */
  possession?: Change<{ publicKey: Uint8Array; proof: Uint8Array }>;
  codeRecord?: Change<CodeRecord>;
  /** What carriers had said of the code's message; default nothing. */
  delivery?: Change<DeliveryRecord>;
  /** What the scene demands and the bundle holds a record of; default the code alone. */
  measures?: readonly Measure[];
  passkey?: PasskeyMade;
  /** Checks of the person; default none. */
  identity?: IdentityMade;
  /** One letter of a signing set: its place, 1-based, among so many. */
  set?: { readonly position: number; readonly of: number };
  /** What happened before the confirmation; the builder links it. */
  steps?: Change<readonly Step[]>;
  parts?: Change<ConfirmationParts>;
  /** Events as stored; digests are computed by the builder before this. */
  trail?: Change<TrailEvent[]>;
  /** More of what `confirmed` says. */
  confirmation?: Readonly<Record<string, string>>;
  binding?: Change<SceneBinding>;
  /** Whom the scene certificate names. */
  certified?: Change<{ commonName: string; serialNumber?: string }>;
  /** Extensions of the scene certificate beside the binding. */
  sceneExtensions?: readonly Uint8Array[];
  /** Seconds after START. */
  sceneFrom?: number;
  sceneUntil?: number;
  /** Who issues the scene certificate. */
  sceneIssuer?: TestIdentity;
  /** The certificate's key, default the one that was confirmed. */
  certifiedKey?: TestKey;
  update?: Change<Uint8Array>;
  /** DER SET before it is signed. */
  attributes?: Change<Uint8Array>;
  signature?: Change<Uint8Array>;
  token?: TokenChanges;
  noToken?: boolean;
  /** The whole CMS before it goes into the PDF. */
  cms?: Change<Uint8Array>;
  signedLetter?: Change<Uint8Array>;
  ocsp?: {
    status?: CertStatus;
    /** Another status under the certificate's SHA-1 name. */
    bySha1?: CertStatus;
    producedAt?: number;
    certificate?: Certificate;
    signer?: TestKey;
    der?: Change<Uint8Array>;
  };
  /** Parts before the manifest is made and sealed. */
  bundleParts?: (parts: Map<string, Uint8Array>) => void;
  /** Parts after sealing. */
  partsAfterSeal?: (parts: Map<string, Uint8Array>) => void;
  /** Text of the manifest, before it is sealed. */
  manifest?: Change<string>;
  sealSigner?: TestIdentity;
  sealToken?: TokenChanges;
  sealSignature?: Change<Uint8Array>;
  /** The whole seal. */
  seal?: Change<Uint8Array>;
  /** The sealed container, before the ledger's entry names it. */
  container?: Change<Uint8Array>;
  entry?: Change<LetterEntry>;
  /** Text of the checkpoint before it is signed. */
  checkpoint?: Change<string>;
  ledgerKey?: TestKey;
  proof?: Change<string>;
  /** Generation 0: no proof at all. */
  noProof?: boolean;
}

export interface TokenChanges {
  /** Seconds after START. */
  genTime?: number;
  /** What is stamped instead of the signature's digest. */
  digest?: Uint8Array;
  signer?: TestIdentity;
  policy?: string;
  accuracySeconds?: number;
  nonce?: Uint8Array;
  /** The finished token. */
  der?: Change<Uint8Array>;
}

export interface TestBundle {
  readonly bundle: Uint8Array;
  readonly parts: ReadonlyMap<string, Uint8Array>;
  readonly letter: Uint8Array;
  readonly signedLetter: Uint8Array;
  readonly terms: Terms;
  readonly scene: Scene;
  readonly certificate: Certificate;
  readonly subjectKey: TestKey;
}

const INSTITUTION = {
  name: '禾穗消费金融有限公司',
  creditCode: '91440300MA5EXAMP1F',
  contact: '400-000-0000',
  complaints: '投诉电话 400-000-0001',
};

/** Valid sample terms; 䶮 is rare on purpose. */
export function sampleTerms(
  language: 'zh' | 'en' = 'zh',
  body: TemplateBody = creditReportTemplate,
): Terms {
  return buildTerms({
    template: {
      id: 'tpl_sample',
      version: 1,
      digest: templateDigest(body),
      body,
    },
    institution: INSTITUTION,
    request: {
      template: 'tpl_sample',
      businessReference: 'LOAN-2026-0001',
      language,
      subject: {
        name: '张䶮',
        idType: 'cn-resident-id',
        idNumber: '11010519491231002X',
        phone: '13800138000',
      },
      end: { kind: 'date', at: '2026-12-20T15:59:59Z' },
    },
    drawn: {
      salt: new Uint8Array(32).fill(7),
      letterNumber: 'M20261121-7F3K9Q2M',
      lookupCode: 'ABCD-EFGH-JKLM-NPQR',
      verifyUrl: 'https://mandate.test/verify',
    },
    now: START,
  });
}

const letters = new Map<string, Promise<Uint8Array>>();
/** Rendering is the dearest step and a pure function of the terms. */
function letterOf(terms: Terms): Promise<Uint8Array> {
  const id = termsText(terms);
  const known = letters.get(id) ?? renderLetter(terms, creditReportTemplate.title[terms.language]);
  letters.set(id, known);
  return known;
}

const SET_ID = 'set_0192f0c1-7f3a-7c11-8f00-000000000001';

/** Digests of the other letters of a set, this one's own in its place. */
const inSet = (
  { position, of }: { readonly position: number; readonly of: number },
  letter: string,
  own: string,
): string[] =>
  Array.from({ length: of }, (_, i) => (i + 1 === position ? own : `${letter}${i}`.repeat(32)));

const same = <T>(value: T): T => value;

/** A complete bundle of one authorization, as the product makes it, with the given changes. */
export async function buildBundle(
  authority: TestAuthority,
  changes: Changes = {},
  language: 'zh' | 'en' = 'zh',
): Promise<TestBundle> {
  const { ca, root, seal, stamp, stampRoot, origin } = authority;
  const template = templateOf(changes);
  const terms = (changes.terms ?? same)(sampleTerms(language, template));
  const letter = (changes.letter ?? same)(await letterOf(sampleTerms(language, template)));
  const letterDigest = sha256Hex(letter);
  const confirmedKey = makeKey();
  const certified = changes.certifiedKey ?? confirmedKey;

  const templateRecord = (changes.templateRecord ?? same)(templateRecordOf(terms, template));
  const measures = changes.measures ?? ['sms-code'];
  const presentation = (changes.presentation ?? same)(presentationOf(terms, letterDigest));
  const presentationDigest = kindDigestHex('presentation', presentation);
  const identity =
    changes.identity &&
    makeIdentity(
      terms,
      letterDigest,
      toUtcSeconds(after(100)),
      authority.identity,
      changes.identity,
    );
  const scene = (changes.scene ?? same)({
    ...sceneOf(terms, letterDigest, origin, {
      presentation: presentationDigest,
      choices: presentation.choices,
    }),
    measures,
    ...(identity && { identity: identity.scene }),
    ...(changes.set && { set: { id: SET_ID, letters: inSet(changes.set, 'a', letterDigest) } }),
  });
  const sceneDigest = kindDigestHex('scene', scene);
  const challenge = (changes.challenge ?? same)({
    letterDigest,
    sceneDigest,
    serverNonce: toHex(new Uint8Array(randomBytes(32))),
  });
  const challengeDigest = kindDigestHex('challenge', challenge);
  const setChallenges = changes.set && inSet(changes.set, 'b', challengeDigest);
  const answered = setChallenges ? setChallengeDigest(setChallenges) : challengeDigest;
  const together = setChallenges ? { setChallenges } : {};
  const message = concat(
    utf8('mandate/pop/v1\n'),
    fromHex(challengeDigest),
    sha256(confirmedKey.spki),
  );
  const possession = (changes.possession ?? same)({
    publicKey: confirmedKey.spki,
    proof: confirmedKey.sign(message),
  });
  const codeRecord =
    measures.includes('sms-code') &&
    (changes.codeRecord ?? same)({
      format: 'mandate-code-record/v1',
      challenge: answered,
      ...together,
      digits: 6,
      madeAt: toUtcSeconds(after(120)),
      expiresAt: toUtcSeconds(after(420)),
      checkedAt: toUtcSeconds(after(150)),
      tries: 1,
      phone: scene.subject.phone,
      channel: 'sms',
    });

  const delivery =
    changes.delivery &&
    changes.delivery({
      format: 'mandate-delivery/v1',
      challenge: answered,
      sends: [
        {
          code: 1,
          gateway: 'alibaba',
          at: toUtcSeconds(after(121)),
          receipts: [
            {
              message: '932702304080415357^0',
              status: 'delivered',
              carrierCode: 'DELIVERED',
              receivedAt: toUtcSeconds(after(124)),
            },
          ],
        },
      ],
    });
  const passkey =
    measures.includes('passkey') &&
    makePasskey(
      new URL(terms.verifyUrl).origin,
      answered,
      {
        registeredAt: toUtcSeconds(addSeconds(START, -86_400)),
        checkedAt: toUtcSeconds(after(150)),
      },
      {
        ...changes.passkey,
        record: (it) => (changes.passkey?.record ?? same)({ ...it, ...together }),
      },
    );

  const events: TrailEvent[] = [];
  const append = (...[type, by, at, data]: Step): void => {
    const last = events.at(-1);
    events.push({
      stream: scene.authorization,
      version: events.length + 1,
      type,
      at: milliseconds(after(at)),
      by,
      data,
      previous: last ? kindDigestHex('event', last) : FIRST_PREVIOUS,
    });
  };
  const checked = (identity?.part.results ?? []).map((result): Step => [
    'identity-checked',
    'ra',
    100,
    { check: result.check, result: identityDigest(result) },
  ]);
  const steps: readonly Step[] = [
    [
      'requested',
      'web',
      0,
      {
        terms: termsDigest(terms),
        letter: letterDigest,
        templateRecord: kindDigestHex('template-record', templateRecord),
      },
    ],
    ['presented', 'web', 60, { letter: letterDigest, presentation: presentationDigest }],
    ...checked,
    [
      'challenged',
      'ra',
      120,
      {
        challenge: challengeDigest,
        scene: sceneDigest,
        ...(changes.set ? { set: answered } : {}),
      },
    ],
  ];
  for (const step of (changes.steps ?? same)(steps)) append(...step);
  const parts = (changes.parts ?? same)({
    format: 'mandate-parts/v1',
    terms: termsDigest(terms),
    letter: letterDigest,
    scene: sceneDigest,
    challenge: challengeDigest,
    presentation: presentationDigest,
    ...(codeRecord && { codeRecord: kindDigestHex('code-record', codeRecord) }),
    ...(delivery && { delivery: kindDigestHex('delivery', delivery) }),
    ...(passkey && { passkey: kindDigestHex('passkey', passkey) }),
    publicKey: sha256Hex(possession.publicKey),
    proofOfPossession: sha256Hex(possession.proof),
    trail: kindDigestHex('event', events.at(-1)!),
  });
  const evidenceRoot = kindDigestHex('parts', parts);
  append('confirmed', 'ra', 150, {
    challenge: challengeDigest,
    evidenceRoot,
    ...changes.confirmation,
  });

  const binding = (changes.binding ?? same)({
    sceneDigest: fromHex(sceneDigest),
    letterDigest: fromHex(letterDigest),
    evidenceRoot: fromHex(evidenceRoot),
    ledgerOrigin: origin,
    keyOrigin: 'browser',
  });
  const named = (changes.certified ?? same)({
    commonName: [...terms.subject.name].slice(0, 64).join(''),
    serialNumber: committed(terms, 'idNumber'),
  });
  const { tbs, certificate } = issue({
    ...named,
    key: certified,
    issuer: changes.sceneIssuer ?? ca,
    serial: newSerial(),
    notBefore: after(changes.sceneFrom ?? 95),
    notAfter: after(changes.sceneUntil ?? 695),
    extensions: changes.sceneExtensions ?? [sceneBinding(binding), ...SCENE_EXTENSIONS],
  });
  append('attempt-issued', 'ca', 155, {
    serial: certificate.serial,
    tbs: sha256Hex(tbs),
    publicKey: sha256Hex(certified.spki),
  });
  const trail = (changes.trail ?? same)(events);

  // Signature and timestamp.
  const update = (changes.update ?? same)(
    signatureUpdate(letter, {
      field: SIGNATURE_FIELD,
      date: after(155),
      contentsBytes: 12_288,
    }),
  );
  const attributes = (changes.attributes ?? same)(
    signedAttributes({
      contentType: OID.data,
      messageDigest: sha256(concat(...signedRanges(letter, update))),
      signerCertificate: certificate,
    }),
  );
  const signature = (changes.signature ?? same)(certified.sign(attributes));
  const stamped = makeToken(stamp, sha256(signature), 160.25, changes.token);
  const cms = (changes.cms ?? same)(
    assembleSignedData({
      contentType: OID.data,
      certificates: [certificate.der, ca.certificate.der],
      signer: certificate,
      signedAttributes: attributes,
      suite: 'ecdsa-p256-sha256',
      signature,
      ...(changes.noToken ? {} : { unsignedTimestampToken: stamped.token }),
    }),
  );
  const signedLetter = (changes.signedLetter ?? same)(closeSignature(letter, update, cms));

  const pem = (...list: Certificate[]): Uint8Array =>
    utf8(list.map(({ der }) => toPem('CERTIFICATE', der)).join(''));
  const bundleParts = new Map<string, Uint8Array>([
    [
      PART.readme,
      bundleReadme({
        letterNumber: terms.letterNumber,
        genTime: after(160),
        byteRange: byteRangeOf(signedLetter),
      }),
    ],
    [PART.terms, utf8(termsText(terms))],
    [PART.template, canonicalBytes(templateRecord)],
    [PART.scene, canonicalBytes(scene)],
    [PART.challenge, canonicalBytes(challenge)],
    [PART.presentation, canonicalBytes(presentation)],
    [PART.parts, canonicalBytes(parts)],
    [PART.trail, canonicalBytes(trail)],
    [PART.letter, letter],
    [PART.signedLetter, signedLetter],
    [PART.sceneCertificate, pem(certificate)],
    [PART.chain, pem(ca.certificate, root.certificate)],
    [
      PART.proofOfPossession,
      canonicalBytes({
        publicKey: toBase64Url(possession.publicKey),
        proof: toBase64Url(possession.proof),
      }),
    ],
    [PART.tokenRequest, stamped.request],
    [PART.token, stamped.token],
    [PART.ocsp, makeOcsp(authority, certificate, changes.ocsp)],
    [`${ANCHOR_FOLDERS.scene}root-1.pem`, pem(root.certificate)],
    [`${ANCHOR_FOLDERS.seal}root-1.pem`, pem(root.certificate)],
    [`${ANCHOR_FOLDERS.timestamp}root-1.pem`, pem(stampRoot.certificate)],
    [`${ANCHOR_FOLDERS.ledger}key-1.vkey`, utf8(`${authority.anchors.ledger[0]}\n`)],
  ]);
  if (codeRecord) bundleParts.set(PART.codeRecord, canonicalBytes(codeRecord));
  if (delivery) bundleParts.set(PART.delivery, canonicalBytes(delivery));
  if (passkey) bundleParts.set(PART.passkey, canonicalBytes(passkey));
  if (identity) bundleParts.set(PART.identity, canonicalBytes(identity.part));
  changes.bundleParts?.(bundleParts);

  const manifest = changes.manifest
    ? utf8(changes.manifest(fromUtf8(manifestOf(bundleParts))))
    : manifestOf(bundleParts);
  const sealSigner = changes.sealSigner ?? seal;
  const sealAttributes = signedAttributes({
    contentType: OID.data,
    messageDigest: sha256(manifest),
    signerCertificate: sealSigner.certificate,
  });
  const sealSignature = (changes.sealSignature ?? same)(sealSigner.sign(sealAttributes));
  const whole = assembleSignedData({
    contentType: OID.data,
    certificates: [sealSigner.certificate.der],
    signer: sealSigner.certificate,
    signedAttributes: sealAttributes,
    suite: 'ecdsa-p256-sha256',
    signature: sealSignature,
    unsignedTimestampToken: makeToken(stamp, sha256(sealSignature), 162, changes.sealToken).token,
  });
  const sealed = (changes.seal ?? same)(whole);
  let bundle = changes.manifest
    ? containerOf(new Map([...bundleParts, [MANIFEST, manifest], [SEAL, sealed]]))
    : writeBundle({ parts: bundleParts, signature: sealed });
  if (changes.container) bundle = changes.container(bundle);
  if (changes.partsAfterSeal) {
    // A forger who changes parts but has no seal key: manifest and seal stay as they were.
    changes.partsAfterSeal(bundleParts);
    bundle = rezip(bundle, bundleParts);
  }
  if (!changes.noProof) {
    const entry = (changes.entry ?? same)({
      format: 'mandate-entry/v1',
      kind: 'letter',
      at: toUtcSeconds(after(163)),
      serial: certificate.serial,
      signature: sha256Hex(signature),
      letter: letterDigest,
      scene: sceneDigest,
      bundle: sha256Hex(bundle),
    });
    const proof = await makeProof(authority, entry, changes);
    bundle =
      changes.manifest || changes.container
        ? containerOf(new Map([...readZip(bundle), [LETTER_PROOF, proof]]))
        : withLetterProof(bundle, proof);
  }
  return {
    bundle,
    parts: bundleParts,
    letter,
    signedLetter,
    terms,
    scene,
    certificate,
    subjectKey: certified,
  };
}

/** Any entries as a container of the one spelling, whoever could read it. */
export function containerOf(entries: Map<string, Uint8Array>): Uint8Array {
  const rest = [...entries].filter(([name]) => name !== MIMETYPE);
  return rawZip([
    [MIMETYPE, entries.get(MIMETYPE) ?? utf8(BUNDLE_MIME)],
    ...rest.sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);
}

export const SCENE_EXTENSIONS = [
  basicConstraints(false),
  keyUsage('digitalSignature', 'nonRepudiation'),
  extendedKeyUsage([OID.documentSigning]),
  authorityInfoAccess({ ocsp: ['https://mandate.test/ocsp'] }),
  validityAssuredShortTerm(),
];

export const committed = ({ salt, subject }: Terms, field: 'name' | 'idNumber' | 'phone'): string =>
  toHex(commitment(fromBase64Url(salt), `subject.${field}`, subject[field]));

/** What the bundle shows of the person is what its template asks for, unless one is given. */
function templateOf({ template, measures, identity }: Changes): TemplateBody {
  if (template) return template;
  const { policy } = creditReportTemplate;
  return {
    ...creditReportTemplate,
    policy: {
      ...policy,
      measures: [...(measures ?? policy.measures)],
      ...(identity && { identity: 'cn-credit' }),
    },
  };
}

const templateRecordOf = (
  { template: { id, version, digest } }: Terms,
  body: TemplateBody,
): TemplateEvidence => ({
  format: 'mandate-template-record/v1',
  ...{ id, version, digest, body },
  authors: ['a'.repeat(64)],
  approver: 'b'.repeat(64),
  assessment: 'PIA-1',
  publishedAt: toUtcSeconds(addSeconds(START, -86_400)),
  lint: {
    pack: '2026-11',
    newestPack: '2026-11',
    waivers: [{ rule: 'open-list', path: 'method.zh', reason: 'agreed', by: 'b'.repeat(64) }],
    open: [],
  },
});

function presentationOf(terms: Terms, letterDigest: string): PresentationRecord {
  return {
    format: 'mandate-presentation/v1',
    letterDigest,
    language: terms.language,
    pageBuild: null,
    openedAt: toUtcSeconds(after(5)),
    secondsOpen: 55,
    clauses: terms.clauses.map(({ id }, i) => ({
      id,
      visibleMilliseconds: 5000,
      acknowledgedAfterMilliseconds: 30_000 + 2000 * i,
    })),
    reachedEnd: true,
    alternative: 'both',
    readAloud: false,
    largePrint: false,
    viewport: { width: 360, height: 740 },
    choices: { items: [], recipients: [] },
  };
}

function sceneOf(
  terms: Terms,
  letterDigest: string,
  ledgerOrigin: string,
  shown: Pick<Scene, 'presentation' | 'choices'>,
): Scene {
  return {
    format: 'mandate-scene/v1',
    authorization: 'aut_019a1111-2222-7333-8444-555566667777',
    institution: {
      id: 'ins_019a1111-2222-7333-8444-555566667777',
      name: terms.institution.name,
      creditCode: terms.institution.creditCode,
    },
    subject: {
      name: committed(terms, 'name'),
      idNumber: committed(terms, 'idNumber'),
      phone: committed(terms, 'phone'),
    },
    termsDigest: termsDigest(terms),
    letterDigest,
    measures: ['sms-code'],
    keyOrigins: ['browser'],
    gate: 'last-six',
    ...shown,
    pageBuild: null,
    ledgerOrigin,
    frozenAt: toUtcSeconds(after(120)),
  };
}

/** Request and token for a digest, by the authority's stamp unless changed. */
export function makeToken(
  stamp: TestIdentity,
  digest: Uint8Array,
  genTime: number,
  changes: TokenChanges = {},
): { request: Uint8Array; token: Uint8Array } {
  const signer = changes.signer ?? stamp;
  const nonce = new Uint8Array(randomBytes(8));
  nonce[0] = 0x11;
  const content = tstInfo({
    policy: changes.policy ?? '1.3.6.1.4.1.99999.1',
    digest: changes.digest ?? digest,
    serial: newSerial(),
    genTime: new Date(START.getTime() + (changes.genTime ?? genTime) * 1000),
    accuracySeconds: changes.accuracySeconds ?? 0.5,
    nonce: changes.nonce ?? nonce,
  });
  const attributes = signedAttributes({
    contentType: OID.tstInfo,
    messageDigest: sha256(content),
    signerCertificate: signer.certificate,
  });
  const token = assembleSignedData({
    contentType: OID.tstInfo,
    content,
    certificates: [signer.certificate.der],
    signer: signer.certificate,
    signedAttributes: attributes,
    suite: 'ecdsa-p256-sha256',
    signature: signer.sign(attributes),
  });
  return { request: timestampRequest({ digest, nonce }), token: (changes.der ?? same)(token) };
}

function makeOcsp(
  { ca }: TestAuthority,
  certificate: Certificate,
  changes: Changes['ocsp'] = {},
): Uint8Array {
  const producedAt = after(changes.producedAt ?? 161);
  const responseData = ocspResponseData({
    responder: ca.certificate,
    producedAt,
    responses: (['sha256', 'sha1'] as const).map((digest) => ({
      certId: certIdOf(changes.certificate ?? certificate, ca.certificate, digest),
      status:
        changes.bySha1 && digest === 'sha1' ? changes.bySha1 : (changes.status ?? { kind: 'good' }),
      thisUpdate: producedAt,
      nextUpdate: certificate.notAfter,
    })),
  });
  const der = assembleOcspResponse({
    responseData,
    suite: 'ecdsa-p256-sha256',
    signature: (changes.signer ?? ca).sign(responseData),
  });
  return (changes.der ?? same)(der);
}

async function makeProof(
  authority: TestAuthority,
  entry: LetterEntry,
  changes: Changes,
): Promise<Uint8Array> {
  const leaf = entryBytes(entry);
  const frontier = new Frontier();
  const nodes = new Map<string, Uint8Array>();
  const entries = [utf8('one'), utf8('two'), leaf, utf8('four'), utf8('five')];
  for (const item of entries)
    for (const { level, index, hash } of frontier.append(leafHash(item)))
      nodes.set(`${level}/${index}`, hash);
  const hashes = await inclusionProof(2, entries.length, (l, i) => nodes.get(`${l}/${i}`)!);
  const text = (changes.checkpoint ?? same)(
    checkpointBody({ origin: authority.origin, size: entries.length, root: frontier.root() }),
  );
  const key = changes.ledgerKey ?? authority.ledger;
  const checkpoint = assembleNote(text, [
    { name: authority.origin, publicKey: key.spki, signature: key.sign(noteToSign(text)) },
  ]);
  const proof = formatProof({ index: 2, hashes, checkpoint, extra: leaf });
  return utf8((changes.proof ?? same)(proof));
}

function byteRangeOf(signed: Uint8Array): [number, number, number, number] {
  try {
    return [...readSignatures(readPdf(signed))[0]!.byteRange] as [number, number, number, number];
  } catch {
    return [0, 0, 0, 0];
  }
}
