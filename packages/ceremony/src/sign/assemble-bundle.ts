import {
  canonicalBytes,
  provenanceOf,
  toBase64Url,
  utf8,
  type Challenge,
  type IdentityPart,
  type Scene,
} from '@mandate/core';
import { ANCHOR_FOLDERS, bundleReadme, PART, toPem } from '@mandate/evidence';
import { closeSignature, readSignatures, readPdf } from '@mandate/pdf';
import { assembleSignedData, OID, parseCertificate } from '@mandate/pki';
import { termsText, type Terms } from '@mandate/terms';
import type { AttemptJournal } from './attempt-journal.js';
import { attributesFor, updateFor, type CaDeps } from './open-attempt.js';
import { openIdentity } from '../identity/identity-box.js';
import { openPresentation } from '../letter-box.js';
import type { AttemptRow } from '../ports.js';

/** The letter with its signature and timestamp: a function of the journal alone. */
export async function signedLetter(
  deps: CaDeps,
  journal: AttemptJournal,
  letter: Uint8Array,
): Promise<Uint8Array> {
  const intent = journal.read('intent')!;
  const { certificate } = journal.read('certificate')!;
  const { signature } = journal.read('signature')!;
  const { token } = journal.read('token')!;
  const update = updateFor(letter, intent.signingTime);
  const cms = assembleSignedData({
    contentType: OID.data,
    certificates: [certificate, ...deps.issuer.chain],
    signer: parseCertificate(certificate),
    signedAttributes: attributesFor(letter, update, certificate),
    suite: 'ecdsa-p256-sha256',
    signature,
    unsignedTimestampToken: token,
  });
  return closeSignature(letter, update, cms);
}

/** All parts of generation 0, by name. Everything comes from record and journal: retries agree byte for byte. */
export async function bundleParts(
  deps: CaDeps,
  attempt: AttemptRow,
  journal: AttemptJournal,
  letter: Uint8Array,
  terms: Terms,
  dataKey: Uint8Array,
): Promise<Map<string, Uint8Array>> {
  const { record, issuer } = deps;
  const authorization = await record.authorization(attempt.authorizationId);
  const confirmation = await record.confirmation(attempt.challengeId);
  const challenge = await record.challenge(attempt.challengeId);
  const { presentation, identity, pageBuild } = JSON.parse(challenge.scene) as Scene;
  const presented = (await record.presentations(authorization.id, attempt.trailVersion)).find(
    ({ digest }) => digest === presentation,
  )!;
  const trail = await record.trail(authorization.id, attempt.trailVersion);
  const requested = JSON.parse(trail[0]!.body) as { data: { templateRecord: string } };
  const { certificate } = journal.read('certificate')!;
  const { request, token, genTime } = journal.read('token')!;
  const { ocsp, build } = journal.read('validation')!;
  const anchors = await deps.anchors({});
  const signed = await signedLetter(deps, journal, letter);

  const asked: Challenge = {
    letterDigest: authorization.letterDigest,
    sceneDigest: challenge.sceneDigest,
    serverNonce: challenge.serverNonce,
  };
  const possession = {
    publicKey: toBase64Url(confirmation.publicKey),
    proof: toBase64Url(confirmation.proof),
  };
  const parts = new Map<string, Uint8Array>([
    [
      PART.readme,
      bundleReadme({
        letterNumber: authorization.letterNumber,
        genTime: new Date(genTime),
        byteRange: readSignatures(readPdf(signed))[0]!.byteRange,
      }),
    ],
    [PART.terms, utf8(termsText(terms))],
    [PART.template, utf8(await record.templateEvidence(requested.data.templateRecord))],
    [PART.scene, utf8(challenge.scene)],
    [PART.challenge, canonicalBytes(asked)],
    [PART.presentation, canonicalBytes(openPresentation(dataKey, authorization.id, presented))],
    [PART.parts, utf8(confirmation.parts)],
    [PART.trail, canonicalBytes(trail.map((event) => JSON.parse(event.body) as unknown))],
    [PART.letter, letter],
    [PART.signedLetter, signed],
    [PART.sceneCertificate, utf8(toPem('CERTIFICATE', certificate))],
    [PART.chain, utf8(issuer.chain.map((der) => toPem('CERTIFICATE', der)).join(''))],
    [PART.proofOfPossession, canonicalBytes(possession)],
    [PART.tokenRequest, request],
    [PART.token, token],
    [PART.ocsp, ocsp],
  ]);
  if (build) parts.set(PART.provenance, canonicalBytes(provenanceOf(build, pageBuild)));
  if (confirmation.codeRecord) parts.set(PART.codeRecord, utf8(confirmation.codeRecord));
  if (confirmation.delivery) parts.set(PART.delivery, utf8(confirmation.delivery));
  if (confirmation.passkey) parts.set(PART.passkey, utf8(confirmation.passkey));
  if (identity) {
    const rows = await record.identityResults(authorization.id);
    const results = identity.results.map(({ digest }) =>
      openIdentity(
        dataKey,
        rows.find((row) => row.digest === digest)!,
      ),
    );
    const part: IdentityPart = { format: 'mandate-identity/v1', results };
    parts.set(PART.identity, canonicalBytes(part));
    for (const { provider, publicKey } of anchors.identity ?? [])
      if (results.some((result) => result.provider === provider))
        parts.set(
          `${ANCHOR_FOLDERS.identity}${provider}.pem`,
          utf8(toPem('PUBLIC KEY', publicKey)),
        );
  }
  for (const purpose of ['scene', 'seal', 'timestamp'] as const)
    anchors[purpose].forEach((der, i) =>
      parts.set(`${ANCHOR_FOLDERS[purpose]}root-${i + 1}.pem`, utf8(toPem('CERTIFICATE', der))),
    );
  anchors.ledger.forEach((key, i) =>
    parts.set(`${ANCHOR_FOLDERS.ledger}key-${i + 1}.vkey`, utf8(`${key}\n`)),
  );
  return parts;
}
