import { canonicalBytes, concat, fromHex, utf8 } from '@mandate/core';
import { PART } from '@mandate/evidence';
import {
  basicConstraints,
  EVIDENCE_SEAL_POLICY,
  extendedKeyUsage,
  keyUsage,
  OID,
  REPORT_SEAL_POLICY,
  SCENE_BINDING_OID,
  sceneBinding,
} from '@mandate/pki';
import { creditReportTemplate, type TemplatePolicy } from '@mandate/terms';
import type { FindingId } from '@mandate/verify';
import { makeKey, sealing, type TestAuthority, type TestIdentity } from '../kit/authority.js';
import {
  choiceTemplate,
  necessaryRecipient,
  OPTIONAL_ITEM,
  THIRD_PARTY,
} from '../kit/choice-template.js';
import { SCENE_EXTENSIONS, START, type Changes, type Step } from '../kit/build-bundle.js';

/** One change to a bundle that is otherwise sound, and every finding that must then stand in the way. */
export interface TamperCase {
  readonly name: string;
  readonly changes: Changes;
  /** `id SUB_INDICATION`, in the order of the verification. */
  readonly faults: readonly string[];
}

const OTHER = 'e'.repeat(64);
const otherBytes = fromHex(OTHER);

/** The same bytes with one bit changed; negative offsets count from the end. */
export const flip =
  (at: number) =>
  (bytes: Uint8Array): Uint8Array => {
    const copy = bytes.slice();
    copy[at < 0 ? copy.length + at : at]! ^= 1;
    return copy;
  };

const replace =
  (from: string, to: string) =>
  (text: string): string =>
    text.replace(from, to);

const inBytes =
  (from: string, to: string) =>
  (bytes: Uint8Array): Uint8Array =>
    new Uint8Array(Buffer.from(Buffer.from(bytes).toString('latin1').replace(from, to), 'latin1'));

const part =
  (name: string, change: (bytes: Uint8Array) => Uint8Array) => (parts: Map<string, Uint8Array>) => {
    parts.set(name, change(parts.get(name)!));
  };

/** A JSON part with members added or exchanged. */
const json = (name: string, members: object) =>
  part(name, (bytes) =>
    canonicalBytes({ ...(JSON.parse(new TextDecoder().decode(bytes)) as object), ...members }),
  );

/**
 * Every case is made by somebody who holds all keys but the stranger's: what follows the change is
 * signed over it, so that exactly the check in question must notice.
 */
export function tamperCases(authority: TestAuthority, stranger: TestAuthority): TamperCase[] {
  const { ca, root, seal } = authority;
  const other = makeKey();
  const cases: TamperCase[] = [];
  type Fault = `${FindingId} ${string}`;
  const add = (name: string, changes: Changes, ...faults: [Fault, ...Fault[]]): void => {
    cases.push({ name, changes, faults });
  };
  const noPoe = 'proof-of-existence OUT_OF_BOUNDS_NO_POE';

  // Format and cryptography of the letter's signature.
  add(
    'letter: something after the signature',
    { signedLetter: (it) => concat(it, utf8('x')) },
    'pdf-readable FORMAT_FAILURE',
  );
  add(
    'letter: an object beside the template changed',
    { update: inBytes('/SigFlags 3', '/SigFlags 1') },
    'update-template FORMAT_FAILURE',
  );
  add(
    'letter: a page byte changed after signing',
    { signedLetter: flip(3000) },
    'signature/cms-message-digest HASH_FAILURE',
    'binding-letter HASH_FAILURE',
    'letter-copy HASH_FAILURE',
    'entry-letter HASH_FAILURE',
  );
  add(
    'signature: by another key',
    { signature: () => other.sign(utf8('x')) },
    'signature/cms-signature SIG_CRYPTO_FAILURE',
  );
  add(
    'signature: not DER',
    { signature: () => new Uint8Array(70) },
    'signature/cms-signature SIG_CRYPTO_FAILURE',
  );

  // Timestamp.
  add(
    'token: none',
    { noToken: true },
    'timestamp-present NO_POE',
    noPoe,
    'ocsp/ocsp-fresh TRY_LATER',
  );
  add(
    'token: by a stranger',
    { token: { signer: stranger.stamp } },
    'timestamp/token-chain NO_CERTIFICATE_CHAIN_FOUND',
    noPoe,
  );
  add(
    'token: by a certificate that is not for stamping',
    { token: { signer: seal } },
    'timestamp/token-key-purpose CHAIN_CONSTRAINTS_FAILURE',
    'timestamp/token-chain NO_CERTIFICATE_CHAIN_FOUND',
    noPoe,
  );
  add(
    'token: over something else',
    { token: { digest: otherBytes } },
    'timestamp/token-imprint HASH_FAILURE',
    'timestamp/token-nonce SIG_CONSTRAINTS_FAILURE',
    noPoe,
  );
  add(
    'token: answers another request',
    { token: { nonce: Uint8Array.of(1, 2, 3) } },
    'timestamp/token-nonce SIG_CONSTRAINTS_FAILURE',
    noPoe,
  );
  add(
    'token: inaccurate',
    { token: { accuracySeconds: 2 } },
    'timestamp/token-accuracy SIG_CONSTRAINTS_FAILURE',
    noPoe,
  );
  add(
    'token: before the certificate',
    { token: { genTime: 90 } },
    'timestamp/token-gen-time TIMESTAMP_ORDER_FAILURE',
    noPoe,
    'code-times TIMESTAMP_ORDER_FAILURE',
  );
  add(
    'token: signature corrupt',
    { token: { der: flip(-1) } },
    'timestamp/token-signature SIG_CRYPTO_FAILURE',
    noPoe,
  );
  add(
    'token: later than its ledger entry',
    { entry: (it) => ({ ...it, at: '2026-11-21T09:00:00Z' }) },
    'timestamp/token-not-future TIMESTAMP_ORDER_FAILURE',
    noPoe,
  );

  // Certificate and its scene.
  add(
    'certificate: by a stranger',
    { sceneIssuer: stranger.ca },
    'certificate/path-chain NO_CERTIFICATE_CHAIN_FOUND',
  );
  add(
    'certificate: forged under the right name',
    { sceneIssuer: { ...ca, sign: stranger.ca.sign } },
    'certificate/path-signatures CERTIFICATE_CHAIN_GENERAL_FAILURE',
  );
  add(
    'certificate: lives for an hour',
    { sceneUntil: 95 + 3600 },
    'certificate-profile CHAIN_CONSTRAINTS_FAILURE',
  );
  add(
    'certificate: not yet valid when used',
    { sceneFrom: 165 },
    'timestamp/token-gen-time TIMESTAMP_ORDER_FAILURE',
    noPoe,
  );
  add(
    'certificate: no scene',
    { sceneExtensions: SCENE_EXTENSIONS },
    'certificate/path-purpose CHAIN_CONSTRAINTS_FAILURE',
    'binding-present SIG_CONSTRAINTS_FAILURE',
    'ledger-origin HASH_FAILURE',
    'entry-signature NO_POE',
    'entry-scene HASH_FAILURE',
  );
  add(
    'certificate: for another letter',
    { binding: (it) => ({ ...it, letterDigest: otherBytes }) },
    'binding-letter HASH_FAILURE',
  );
  add(
    'certificate: for another scene',
    { binding: (it) => ({ ...it, sceneDigest: otherBytes }) },
    'binding-scene HASH_FAILURE',
    'entry-scene HASH_FAILURE',
  );
  add(
    'certificate: for other evidence',
    { binding: (it) => ({ ...it, evidenceRoot: otherBytes }) },
    'binding-evidence HASH_FAILURE',
  );
  add(
    'certificate: for another ledger',
    { binding: (it) => ({ ...it, ledgerOrigin: 'other.test' }) },
    'binding-origin HASH_FAILURE',
    'ledger-origin HASH_FAILURE',
    'entry-signature NO_POE',
  );
  add(
    'certificate: a kind of key the scene forbids',
    { binding: (it) => ({ ...it, keyOrigin: 'software' }) },
    'key-origin-allowed FORMAT_FAILURE',
  );
  add(
    'certificate: in another name',
    { certified: (it) => ({ ...it, commonName: '张三' }) },
    'certificate-subject SIG_CONSTRAINTS_FAILURE',
  );
  add(
    'certificate: for another identity number',
    { certified: (it) => ({ ...it, serialNumber: OTHER }) },
    'certificate-subject SIG_CONSTRAINTS_FAILURE',
  );
  add(
    'certificate: for no identity number',
    { certified: ({ commonName }) => ({ commonName }) },
    'certificate-subject SIG_CONSTRAINTS_FAILURE',
  );
  add(
    'certificate: for a key nobody confirmed',
    {
      certifiedKey: other,
      trail: (events) =>
        events.map((it, i) => (i === 4 ? { ...it, data: { ...it.data, publicKey: OTHER } } : it)),
    },
    'key-confirmed HASH_FAILURE',
  );
  add(
    'revocation: revoked before',
    { ocsp: { status: { kind: 'revoked', at: START } } },
    'ocsp/ocsp-status REVOKED',
  );
  add(
    'revocation: good by one name of the certificate, revoked by the other',
    { ocsp: { bySha1: { kind: 'revoked', at: START } } },
    'ocsp/ocsp-certificate CERTIFICATE_CHAIN_GENERAL_FAILURE',
  );
  add(
    'revocation: unknown',
    { ocsp: { status: { kind: 'unknown' } } },
    'ocsp/ocsp-status TRY_LATER',
  );
  add(
    'revocation: asked before the timestamp',
    { ocsp: { producedAt: 160 } },
    'ocsp-after-timestamp TRY_LATER',
  );
  add(
    'revocation: of another certificate',
    { ocsp: { certificate: seal.certificate } },
    'ocsp/ocsp-certificate CERTIFICATE_CHAIN_GENERAL_FAILURE',
  );
  add(
    'revocation: signed by nobody',
    { ocsp: { signer: other } },
    'ocsp/ocsp-signature CERTIFICATE_CHAIN_GENERAL_FAILURE',
  );
  add('revocation: garbage', { ocsp: { der: () => utf8('x') } }, 'ocsp-readable FORMAT_FAILURE');

  // Scene, challenge, confirmation.
  add(
    'scene: other terms',
    { scene: (it) => ({ ...it, termsDigest: OTHER }) },
    'scene-terms HASH_FAILURE',
  );
  add(
    'scene: another letter',
    { scene: (it) => ({ ...it, letterDigest: OTHER }) },
    'scene-letter HASH_FAILURE',
  );
  add(
    'scene: another institution',
    { scene: (it) => ({ ...it, institution: { ...it.institution, name: '另一家公司' } }) },
    'scene-institution HASH_FAILURE',
  );
  add(
    'scene: another subject',
    { scene: (it) => ({ ...it, subject: { ...it.subject, idNumber: OTHER } }) },
    'scene-subject HASH_FAILURE',
  );
  // What was shown and chosen.
  const chosen: Changes = {
    template: choiceTemplate,
    presentation: (it) => ({
      ...it,
      choices: { items: [OPTIONAL_ITEM], recipients: [THIRD_PARTY] },
    }),
  };
  // How the template came about.
  add(
    'template: a record exchanged after the letter was asked for',
    { bundleParts: json(PART.template, { assessment: 'PIA-2' }) },
    'template-record HASH_FAILURE',
  );
  add(
    'template: record of another version',
    { templateRecord: (it) => ({ ...it, version: 2 }) },
    'template-version HASH_FAILURE',
  );
  add(
    'template: record of another text',
    { templateRecord: (it) => ({ ...it, digest: OTHER }) },
    'template-version HASH_FAILURE',
  );
  add(
    'template: another text under the digest of the terms',
    { templateRecord: (it) => ({ ...it, body: { ...it.body, name: 'another' } }) },
    'template-version HASH_FAILURE',
  );
  add(
    'template: a text that is none',
    { templateRecord: (it) => ({ ...it, body: { ...it.body, policy: {} } }) },
    'part-readable FORMAT_FAILURE',
  );
  // What the template demands, and the scene does not.
  const demanding = (policy: Partial<TemplatePolicy>): Changes => ({
    template: {
      ...creditReportTemplate,
      policy: { ...creditReportTemplate.policy, ...policy },
    },
  });
  const softened: [string, Changes][] = [
    ['a measure', demanding({ measures: ['sms-code', 'passkey'] })],
    ['checks of the person', demanding({ identity: 'cn-credit' })],
    ['the kind of key', demanding({ keyOrigins: ['software'] })],
    ['the gate', { scene: (it) => ({ ...it, gate: 'institution' }) }],
    ['that no call is made', { codeRecord: (it) => ({ ...it, channel: 'voice' }) }],
    ['the time to read', { presentation: (it) => ({ ...it, secondsOpen: 9 }) }],
  ];
  for (const [name, changes] of softened)
    add(`scene: leaves out ${name}`, changes, 'scene-policy SIG_CONSTRAINTS_FAILURE');
  add(
    'template: softened together with the scene',
    {
      ...demanding({ identity: 'cn-credit' }),
      templateRecord: (it) => ({ ...it, body: creditReportTemplate }),
    },
    'template-version HASH_FAILURE',
  );
  add(
    'template: approved by an author',
    { templateRecord: (it) => ({ ...it, authors: [it.approver, OTHER] }) },
    'template-second-person SIG_CONSTRAINTS_FAILURE',
  );
  add(
    'template: a rule waived by an author',
    {
      templateRecord: (it) => ({
        ...it,
        lint: { ...it.lint, waivers: it.lint.waivers.map((w) => ({ ...w, by: it.authors[0]! })) },
      }),
    },
    'template-second-person SIG_CONSTRAINTS_FAILURE',
  );
  add(
    'template: written by nobody',
    { templateRecord: (it) => ({ ...it, authors: [] }) },
    'template-second-person SIG_CONSTRAINTS_FAILURE',
  );
  add(
    'template: published after the letter was asked for',
    { templateRecord: (it) => ({ ...it, publishedAt: '2026-11-21T09:00:01Z' }) },
    'template-published SIG_CONSTRAINTS_FAILURE',
  );
  add(
    'template: unreadable',
    { bundleParts: json(PART.template, { lint: { pack: '2026-11' } }) },
    'part-readable FORMAT_FAILURE',
  );

  add(
    'presentation: a record exchanged after the scene was frozen',
    { bundleParts: json(PART.presentation, { secondsOpen: 600 }) },
    'presentation-record HASH_FAILURE',
    'confirmation-parts HASH_FAILURE',
  );
  add(
    'presentation: scene of another presentation',
    { scene: (it) => ({ ...it, presentation: OTHER }) },
    'presentation-record HASH_FAILURE',
  );
  add(
    'presentation: trail names another',
    {
      steps: (steps) =>
        steps.map(([type, by, at, data]): Step => [
          type,
          by,
          at,
          type === 'presented' ? { ...data, presentation: OTHER } : data,
        ]),
    },
    'presentation-record HASH_FAILURE',
  );
  add(
    'presentation: shown anew after the code was asked for',
    {
      steps: (steps) => [
        ...steps,
        ['presented', 'web', 125, steps[1]![3]],
        ['challenged', 'ra', 130, { ...steps[2]![3], scene: OTHER }],
      ],
    },
    'trail-confirmed HASH_FAILURE',
  );
  add(
    'presentation: of another letter',
    { presentation: (it) => ({ ...it, letterDigest: OTHER }) },
    'presentation-letter HASH_FAILURE',
  );
  add(
    'presentation: a key clause not acknowledged',
    { presentation: (it) => ({ ...it, clauses: it.clauses.slice(1) }) },
    'presentation-clauses SIG_CONSTRAINTS_FAILURE',
  );
  add(
    'presentation: one clause acknowledged twice for two',
    { presentation: (it) => ({ ...it, clauses: it.clauses.with(1, it.clauses[0]!) }) },
    'presentation-clauses SIG_CONSTRAINTS_FAILURE',
  );
  add(
    'presentation: scene names a page that did not show it',
    { scene: (it) => ({ ...it, pageBuild: OTHER }) },
    'presentation-page HASH_FAILURE',
  );
  add(
    'presentation: not listed among what stood at confirmation',
    { parts: (it) => ({ ...it, presentation: OTHER }) },
    'confirmation-parts HASH_FAILURE',
  );
  add(
    'choices: an optional item added to the scene',
    {
      ...chosen,
      presentation: (it) => it,
      scene: (it) => ({ ...it, choices: { items: [OPTIONAL_ITEM], recipients: [] } }),
    },
    'choices-shown HASH_FAILURE',
  );
  add(
    'choices: a refused third party added to the scene',
    {
      ...chosen,
      presentation: (it) => it,
      scene: (it) => ({ ...it, choices: { items: [], recipients: [THIRD_PARTY] } }),
    },
    'choices-shown HASH_FAILURE',
  );
  add(
    'choices: an accepted item taken out of the scene',
    { ...chosen, scene: (it) => ({ ...it, choices: { items: [], recipients: [THIRD_PARTY] } }) },
    'choices-shown HASH_FAILURE',
  );
  add(
    'choices: a recipient the letter does not name',
    {
      ...chosen,
      presentation: (it) => ({ ...it, choices: { items: [], recipients: ['91110000MA00DEM01M'] } }),
    },
    'choices-offered FORMAT_FAILURE',
  );
  add(
    'choices: a necessary item as if it had been a choice',
    {
      ...chosen,
      presentation: (it) => ({ ...it, choices: { items: ['basic-information'], recipients: [] } }),
    },
    'choices-offered FORMAT_FAILURE',
  );
  add(
    'choices: a necessary recipient refused, and the letter signed all the same',
    { template: necessaryRecipient() },
    'choices-offered FORMAT_FAILURE',
  );
  add(
    'choices: one item twice',
    {
      ...chosen,
      presentation: (it) => ({
        ...it,
        choices: { items: [OPTIONAL_ITEM, OPTIONAL_ITEM], recipients: [] },
      }),
    },
    'choices-offered FORMAT_FAILURE',
  );
  add(
    'presentation: unreadable',
    { bundleParts: json(PART.presentation, { understood: true }) },
    'part-readable FORMAT_FAILURE',
  );
  add(
    'scene: demands a passkey that is not there',
    { scene: (it) => ({ ...it, measures: ['sms-code', 'passkey'] }) },
    'measures-met SIG_CONSTRAINTS_FAILURE',
  );
  add(
    'scene: demands nothing',
    { scene: (it) => ({ ...it, measures: [] }) },
    'scene-policy SIG_CONSTRAINTS_FAILURE',
    'measures-met SIG_CONSTRAINTS_FAILURE',
  );
  add(
    'scene: an unknown member',
    { scene: (it) => ({ ...it, more: true }) as typeof it },
    'part-readable FORMAT_FAILURE',
  );
  add(
    'challenge: another letter',
    { challenge: (it) => ({ ...it, letterDigest: OTHER }) },
    'challenge-letter HASH_FAILURE',
  );
  add(
    'challenge: another scene',
    { challenge: (it) => ({ ...it, sceneDigest: OTHER }) },
    'challenge-scene HASH_FAILURE',
  );
  add(
    'possession: proof by another key',
    { possession: (it) => ({ ...it, proof: other.sign(utf8('x')) }) },
    'proof-of-possession SIG_CRYPTO_FAILURE',
  );
  add(
    'code: for another challenge',
    { codeRecord: (it) => ({ ...it, challenge: OTHER }) },
    'code-challenge HASH_FAILURE',
  );
  add(
    'code: sent elsewhere',
    { codeRecord: (it) => ({ ...it, phone: OTHER }) },
    'code-phone HASH_FAILURE',
  );
  add(
    'code: checked after it had expired',
    { codeRecord: (it) => ({ ...it, expiresAt: '2026-11-21T09:02:29Z' }) },
    'code-times TIMESTAMP_ORDER_FAILURE',
  );
  add(
    'code: checked after the signing',
    { codeRecord: (it) => ({ ...it, checkedAt: '2026-11-21T09:04:00Z' }) },
    'code-times TIMESTAMP_ORDER_FAILURE',
  );
  add(
    'code: more tries than anybody has',
    { codeRecord: (it) => ({ ...it, tries: 6 }) },
    'part-readable FORMAT_FAILURE',
  );
  add(
    'parts: other terms listed',
    { parts: (it) => ({ ...it, terms: OTHER }) },
    'confirmation-parts HASH_FAILURE',
  );
  add(
    'parts: another proof listed',
    { parts: (it) => ({ ...it, proofOfPossession: OTHER }) },
    'confirmation-parts HASH_FAILURE',
  );
  add(
    'parts: another trail listed',
    { parts: (it) => ({ ...it, trail: OTHER }) },
    'trail-confirmed HASH_FAILURE',
  );
  add(
    'trail: an event left out',
    { trail: (events) => events.filter((_, i) => i !== 1) },
    'presentation-record HASH_FAILURE',
    'trail-chain HASH_FAILURE',
    'trail-steps FORMAT_FAILURE',
  );
  add(
    'trail: an event rewritten',
    { trail: (events) => events.map((it, i) => (i === 1 ? { ...it, data: {} } : it)) },
    'presentation-record HASH_FAILURE',
    'trail-chain HASH_FAILURE',
    'trail-steps HASH_FAILURE',
  );
  add(
    'trail: of another authorization',
    { trail: (events) => events.map((it) => ({ ...it, stream: 'aut_other' })) },
    'trail-chain HASH_FAILURE',
  );
  const inserted =
    (at: number, ...more: Step[]) =>
    (steps: readonly Step[]): readonly Step[] =>
      steps.toSpliced(at, 0, ...more);
  const changed =
    (at: number, change: (step: Step) => Step) =>
    (steps: readonly Step[]): readonly Step[] =>
      steps.with(at, change(steps[at]!));
  const illegal: [string, (steps: readonly Step[]) => readonly Step[]][] = [
    ['requested twice', inserted(1, ['requested', 'web', 30, {}])],
    ['requested by another', changed(0, ([type, , ...rest]) => [type, 'desk', ...rest])],
    ['presented by another', changed(1, ([type, , ...rest]) => [type, 'worker', ...rest])],
    ['asked for by another', changed(2, ([type, , ...rest]) => [type, 'web', ...rest])],
    ['after a refusal', inserted(2, ['declined', 'web', 70, {}])],
    ['after it had lapsed', inserted(2, ['lapsed', 'worker', 70, {}])],
    ['after it had failed', inserted(3, ['confirmed', 'ra', 130, {}], ['failed', 'ca', 140, {}])],
    ['signed before', inserted(3, ['confirmed', 'ra', 130, {}], ['signed', 'ca', 140, {}])],
    ['a certificate before the confirmation', inserted(3, ['attempt-issued', 'ca', 130, {}])],
    ['a note by another', inserted(3, ['confirmation-refused', 'web', 130, {}])],
    ['a use before the release', inserted(3, ['redeemed', 'web', 130, {}])],
    ['a withdrawal before the release', inserted(3, ['withdrawn', 'web', 130, {}])],
    ['a note nobody knows', inserted(3, ['constructor' as 'report-made', 'web', 130, {}])],
  ];
  for (const [name, steps] of illegal)
    add(`trail: ${name}`, { steps }, 'trail-steps FORMAT_FAILURE');
  add(
    'trail: never requested',
    { steps: (steps) => steps.slice(1) },
    'template-record HASH_FAILURE',
    'trail-steps FORMAT_FAILURE',
  );
  add(
    'trail: never presented',
    { steps: (steps) => steps.toSpliced(1, 1) },
    'presentation-record HASH_FAILURE',
    'trail-steps FORMAT_FAILURE',
  );
  add(
    'trail: begun anew after a refusal',
    {
      steps: inserted(2, ['declined', 'web', 70, {}], ['presented', 'web', 80, { letter: OTHER }]),
    },
    'presentation-record HASH_FAILURE',
    'trail-steps FORMAT_FAILURE',
  );
  const naming =
    (field: string) =>
    ([type, by, at, data]: Step): Step => [type, by, at, { ...data, [field]: OTHER }];
  add(
    'trail: requested for other terms',
    { steps: changed(0, naming('terms')) },
    'trail-steps HASH_FAILURE',
  );
  add(
    'trail: another letter requested',
    { steps: changed(0, naming('letter')) },
    'trail-steps HASH_FAILURE',
  );
  add(
    'trail: another letter presented',
    { steps: changed(1, naming('letter')) },
    'trail-steps HASH_FAILURE',
  );
  add(
    'trail: without the certificate',
    { trail: (events) => events.slice(0, 4) },
    'trail-issued HASH_FAILURE',
  );

  // Bundle and seal.
  add(
    'bundle: a part changed after sealing',
    { partsAfterSeal: part(PART.readme, () => utf8('x')) },
    'manifest-digests HASH_FAILURE',
  );
  add(
    'bundle: a part added after sealing',
    { partsAfterSeal: (parts) => parts.set('anchors/scene/x.pem', utf8('x')) },
    'manifest-complete FORMAT_FAILURE',
  );
  add(
    'bundle: a part removed after sealing',
    { partsAfterSeal: (parts) => parts.delete('anchors/scene/root-1.pem') },
    'manifest-complete FORMAT_FAILURE',
  );
  add(
    'bundle: another letter shown',
    { bundleParts: part(PART.letter, flip(100)) },
    'scene-letter HASH_FAILURE',
    'presentation-letter HASH_FAILURE',
    'challenge-letter HASH_FAILURE',
    'confirmation-parts HASH_FAILURE',
    'trail-steps HASH_FAILURE',
    'letter-copy HASH_FAILURE',
  );
  add(
    'bundle: another certificate beside',
    { bundleParts: (parts) => parts.set(PART.sceneCertificate, parts.get(PART.chain)!) },
    'certificate-copy HASH_FAILURE',
  );
  add(
    'bundle: another token beside',
    { bundleParts: part(PART.token, flip(-1)) },
    'token-copy HASH_FAILURE',
  );
  add(
    'bundle: request unreadable',
    { bundleParts: part(PART.tokenRequest, () => utf8('x')) },
    'part-readable FORMAT_FAILURE',
  );
  add(
    'bundle: chain unreadable',
    { bundleParts: part(PART.chain, () => utf8('-----BEGIN X-----')) },
    'part-readable FORMAT_FAILURE',
  );
  add(
    'bundle: other terms beside',
    { bundleParts: part(PART.terms, inBytes('LOAN-2026-0001', 'LOAN-2026-0002')) },
    'scene-terms HASH_FAILURE',
    'confirmation-parts HASH_FAILURE',
    'trail-steps HASH_FAILURE',
    'terms-equal HASH_FAILURE',
  );
  add(
    'bundle: terms not canonical',
    { bundleParts: part(PART.terms, (it) => concat(it, utf8('\n'))) },
    'part-readable FORMAT_FAILURE',
    'terms-equal HASH_FAILURE',
  );
  add(
    'seal: by a stranger',
    { sealSigner: stranger.seal },
    'seal-certificate/path-chain NO_CERTIFICATE_CHAIN_FOUND',
  );
  add(
    'seal: by a scene certificate',
    { sealSigner: sceneLike(authority) },
    'seal-certificate/path-purpose CHAIN_CONSTRAINTS_FAILURE',
  );
  add(
    'seal: by the seal for reports',
    { sealSigner: authority.reportSeal },
    'seal-purpose CHAIN_CONSTRAINTS_FAILURE',
  );
  add(
    'seal: under a policy of ours that is for something else',
    { sealSigner: authority.issueLeaf('Other Seal', root, sealing(`${SCENE_BINDING_OID}.9`)) },
    'seal-purpose CHAIN_CONSTRAINTS_FAILURE',
  );
  add(
    'seal: by one that also seals reports',
    {
      sealSigner: authority.issueLeaf(
        'Both Seals',
        root,
        sealing(EVIDENCE_SEAL_POLICY, REPORT_SEAL_POLICY),
      ),
    },
    'seal-purpose CHAIN_CONSTRAINTS_FAILURE',
  );
  add(
    'seal: signature wrong',
    { sealSignature: () => other.sign(utf8('x')) },
    'seal/cms-signature SIG_CRYPTO_FAILURE',
  );
  add(
    'seal: stamped by a stranger',
    { sealToken: { signer: stranger.stamp } },
    'seal-timestamp/token-chain NO_CERTIFICATE_CHAIN_FOUND',
  );
  add(
    'seal: before the signing',
    { sealToken: { genTime: 150 } },
    'timestamp-order TIMESTAMP_ORDER_FAILURE',
  );

  // Ledger.
  add('ledger: no proof', { noProof: true }, 'ledger-proof-present NO_POE');
  add(
    'ledger: proof unreadable',
    { proof: (it) => it.slice(1) },
    'ledger-proof-readable FORMAT_FAILURE',
  );
  add(
    'ledger: proof without its entry',
    { proof: (it) => it.replace(/extra .*\n/, '') },
    'ledger-proof-readable FORMAT_FAILURE',
  );
  add(
    'ledger: key nobody trusts',
    { ledgerKey: makeKey('ed25519') },
    'ledger-checkpoint NO_SIGNING_CERTIFICATE_FOUND',
    'entry-signature NO_POE',
  );
  add(
    'ledger: checkpoint changed',
    { proof: replace('\n5\n', '\n7\n') },
    'ledger-checkpoint SIG_CRYPTO_FAILURE',
    'entry-signature NO_POE',
  );
  add(
    'ledger: not where the proof says',
    { proof: replace('index 2', 'index 3') },
    'ledger-inclusion HASH_FAILURE',
    'entry-signature NO_POE',
  );
  add(
    'ledger: another ledger',
    { checkpoint: replace('mandate.test', 'other.test') },
    'ledger-origin HASH_FAILURE',
    'ledger-checkpoint NO_SIGNING_CERTIFICATE_FOUND',
    'entry-signature NO_POE',
  );
  add(
    'ledger: another serial',
    { entry: (it) => ({ ...it, serial: '01' }) },
    'entry-serial HASH_FAILURE',
  );
  add(
    'ledger: another signature',
    { entry: (it) => ({ ...it, signature: OTHER }) },
    'entry-signature HASH_FAILURE',
  );
  add(
    'ledger: another letter',
    { entry: (it) => ({ ...it, letter: OTHER }) },
    'entry-letter HASH_FAILURE',
  );
  add(
    'ledger: another scene',
    { entry: (it) => ({ ...it, scene: OTHER }) },
    'entry-scene HASH_FAILURE',
  );
  add(
    'ledger: another bundle',
    { entry: (it) => ({ ...it, bundle: OTHER }) },
    'entry-bundle HASH_FAILURE',
  );
  return cases;
}

/** A long-lived certificate with a scene, to try as a seal. */
function sceneLike(authority: TestAuthority): TestIdentity {
  return authority.issueLeaf('Scene as seal', authority.root, [
    sceneBinding({
      sceneDigest: otherBytes,
      letterDigest: otherBytes,
      evidenceRoot: otherBytes,
      ledgerOrigin: authority.origin,
      keyOrigin: 'browser',
    }),
    basicConstraints(false),
    keyUsage('digitalSignature', 'nonRepudiation'),
    extendedKeyUsage([OID.documentSigning]),
  ]);
}
