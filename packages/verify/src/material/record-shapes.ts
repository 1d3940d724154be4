import {
  fromBase64Url,
  IDENTITY_CHECKS,
  type Build,
  type Challenge,
  type Choices,
  type CodeRecord,
  type ConfirmationParts,
  type DeliveryRecord,
  type EventType,
  type IdentityPart,
  type IdentityReceipt,
  type IdentityResult,
  type PasskeyRecord,
  type PresentationRecord,
  type Provenance,
  type Scene,
  type SceneIdentity,
  type TemplateEvidence,
  type TrailEvent,
} from '@mandate/core';
import { parseTemplate, type TemplateBody } from '@mandate/terms';
import {
  anyObject,
  digest,
  integer,
  list,
  moment,
  nullable,
  oneOf,
  optional,
  record,
  text,
  type Reader,
  yesOrNo,
} from './json-shape.js';

// The records of a ceremony, by chapter 5 of docs/evidence-format.md: their members and nothing else.

const id = text(/^[a-z]{3}_[0-9a-f-]{36}$/);
const base64url: Reader<Uint8Array> = (value) => fromBase64Url(text(/^[\w-]{1,1000}$/)(value));

const place = {
  rule: text(/^[a-z][a-z0-9-]{0,63}$/),
  path: text(/^[\w.[\]-]{0,100}$/),
};

export const templateShape = record<TemplateEvidence<TemplateBody>>({
  format: oneOf('mandate-template-record/v1'),
  id: text(/^[\w-]{1,64}$/),
  version: integer(1, 1_000_000),
  digest,
  body: (value) => parseTemplate(anyObject(value)),
  authors: list(digest, 100),
  approver: digest,
  assessment: text(),
  publishedAt: moment,
  lint: record<TemplateEvidence['lint']>({
    pack: text(/^[\w.-]{1,40}$/),
    newestPack: text(/^[\w.-]{1,40}$/),
    waivers: list(record({ ...place, reason: text(), by: digest }), 200),
    open: list(record(place), 1000),
  }),
});

const choices = record<Choices>({
  items: list(text(/^[a-z0-9-]{1,40}$/), 20),
  recipients: list(text(/^[0-9A-Z]{18}$/), 5),
});

export const presentationShape = record<PresentationRecord>({
  format: oneOf('mandate-presentation/v1'),
  letterDigest: digest,
  language: oneOf('zh', 'en'),
  pageBuild: nullable(digest),
  openedAt: moment,
  secondsOpen: integer(0, 86_400),
  clauses: list(
    record({
      id: text(/^[a-z0-9-]{1,40}$/),
      visibleMilliseconds: integer(0, 86_400_000),
      acknowledgedAfterMilliseconds: integer(0, 86_400_000),
    }),
    6,
  ),
  reachedEnd: yesOrNo,
  alternative: oneOf('pages', 'text', 'both'),
  readAloud: yesOrNo,
  largePrint: yesOrNo,
  viewport: record({ width: integer(0, 100_000), height: integer(0, 100_000) }),
  choices,
  logo: optional(digest),
});

const MEASURES = ['sms-code', 'passkey'] as const;

export const identityShape = record<IdentityPart>({
  format: oneOf('mandate-identity/v1'),
  results: list(
    record<IdentityResult>({
      format: oneOf('mandate-identity-result/v1'),
      check: oneOf(...IDENTITY_CHECKS),
      provider: text(),
      operator: text(),
      simulated: yesOrNo,
      outcome: oneOf('match', 'mismatch'),
      reference: text(),
      checkedAt: moment,
      receivedAt: moment,
      numberAgeMonths: optional(integer(0, 1200)),
      letters: list(digest, 5),
      nonce: digest,
      compared: record<IdentityResult['compared']>({
        name: optional(digest),
        idNumber: optional(digest),
        phone: optional(digest),
        card: optional(digest),
        credential: optional(digest),
      }),
      binding: digest,
      receipt: record<IdentityReceipt>({
        suite: oneOf('ecdsa-p256-sha256', 'ed25519', 'none'),
        body: text(/^[\w-]{1,24000}$/),
        signature: text(/^[\w-]{0,1000}$/),
      }),
    }),
    8,
  ),
});

export const sceneShape = record<Scene>({
  format: oneOf('mandate-scene/v1'),
  authorization: id,
  institution: record({ id, name: text(), creditCode: text() }),
  subject: record({ name: digest, idNumber: digest, phone: digest }),
  termsDigest: digest,
  letterDigest: digest,
  measures: list(oneOf('sms-code', 'passkey'), 2),
  keyOrigins: list(oneOf('browser', 'hsm', 'software'), 3),
  gate: oneOf('last-six', 'institution'),
  choices,
  presentation: digest,
  pageBuild: nullable(digest),
  ledgerOrigin: text(),
  frozenAt: moment,
  set: optional(record({ id, letters: list(digest, 5) })),
  identity: optional(
    record<SceneIdentity>({
      policy: text(/^[a-z][a-z-]{0,39}$/),
      requirements: list(
        record({ need: integer(1, 8), of: list(oneOf(...MEASURES, ...IDENTITY_CHECKS), 8) }),
        8,
      ),
      freshSeconds: integer(0, 31_536_000),
      results: list(record({ check: oneOf(...IDENTITY_CHECKS), digest }), 8),
    }),
  ),
});

export const challengeShape = record<Challenge>({
  letterDigest: digest,
  sceneDigest: digest,
  serverNonce: digest,
});

export const partsShape = record<ConfirmationParts>({
  format: oneOf('mandate-parts/v1'),
  terms: digest,
  letter: digest,
  scene: digest,
  challenge: digest,
  presentation: digest,
  codeRecord: optional(digest),
  delivery: optional(digest),
  passkey: optional(digest),
  publicKey: digest,
  proofOfPossession: digest,
  trail: digest,
});

export const codeRecordShape = record<CodeRecord>({
  format: oneOf('mandate-code-record/v1'),
  challenge: digest,
  setChallenges: optional(list(digest, 5)),
  digits: integer(6, 8),
  madeAt: moment,
  expiresAt: moment,
  checkedAt: moment,
  tries: integer(1, 5),
  phone: digest,
  channel: oneOf('sms', 'voice'),
});

export const deliveryShape = record<DeliveryRecord>({
  format: oneOf('mandate-delivery/v1'),
  challenge: digest,
  sends: list(
    record({
      code: integer(1, 10),
      gateway: text(/^[a-z0-9-]{1,40}$/),
      at: moment,
      receipts: list(
        record({
          message: text(/^[!-~]{1,128}$/),
          status: oneOf('delivered', 'failed'),
          carrierCode: text(/^[A-Za-z0-9._-]{0,64}$/),
          receivedAt: moment,
        }),
        50,
      ),
    }),
    50,
  ),
});

const spelled = text(/^[\w-]{1,8000}$/);

export const passkeyShape = record<PasskeyRecord>({
  format: oneOf('mandate-passkey/v1'),
  challenge: digest,
  setChallenges: optional(list(digest, 5)),
  rpId: text(),
  origin: text(),
  credentialId: spelled,
  publicKey: spelled,
  authenticatorData: spelled,
  clientDataJSON: spelled,
  signature: spelled,
  checkedAt: moment,
  registration: record({
    at: moment,
    provenBy: list(oneOf('sms-code', 'passkey'), 2),
    salt: text(/^[\w-]{43}$/),
    entry: digest,
  }),
});

export const trailShape = list<TrailEvent>(
  record({
    stream: text(),
    version: integer(1, 100_000),
    type: text(/^[a-z-]{1,40}$/) as Reader<EventType>,
    at: moment,
    by: oneOf('web', 'ra', 'ca', 'tsa', 'seal', 'ledger', 'vault', 'worker', 'desk'),
    data: anyObject,
    previous: digest,
  }),
  10_000,
);

const build = record<Build>({ digest, commit: text(/^[0-9a-z+]{1,60}$/), lockfile: digest });
export const provenanceShape = record<Provenance>({
  format: oneOf('mandate-provenance/v1'),
  page: nullable(build),
  server: build,
});

export const possessionShape = record({ publicKey: base64url, proof: base64url });
