/** ASiC-E media type (ETSI EN 319 162-1 §4.4.3); content of the first entry. */
export const BUNDLE_MIME = 'application/vnd.etsi.asic-e+zip';

/** Names inside a bundle, layout v0. All are required but those in OPTIONAL_PARTS. */
export const PART = {
  readme: 'README.txt',
  terms: 'authorization/terms.json',
  /** How the template version of the letter came about, linter and waivers included. */
  template: 'authorization/template.json',
  scene: 'authorization/scene.json',
  challenge: 'authorization/challenge.json',
  presentation: 'authorization/presentation.json',
  parts: 'authorization/parts.json',
  trail: 'authorization/trail.json',
  codeRecord: 'authorization/code-record.json',
  passkey: 'authorization/passkey.json',
  delivery: 'authorization/delivery.json',
  identity: 'authorization/identity.json',
  letter: 'letter/letter.pdf',
  signedLetter: 'letter/letter-signed.pdf',
  sceneCertificate: 'keys/scene.pem',
  /** Issuers of the scene certificate, up to the root. */
  chain: 'keys/chain.pem',
  proofOfPossession: 'keys/proof-of-possession.json',
  tokenRequest: 'tokens/signature.tsq',
  token: 'tokens/signature.tst',
  ocsp: 'revocation/scene.ocsp.der',
} as const;
export type PartName = (typeof PART)[keyof typeof PART];

/** What the scene's measures left; which of them must be there, the scene says. */
export const OPTIONAL_PARTS: readonly PartName[] = [
  PART.codeRecord,
  PART.passkey,
  PART.delivery,
  PART.identity,
];

/** Folders of the trust anchors that were used; for the record, never a source of trust. */
export const ANCHOR_FOLDERS = {
  scene: 'anchors/scene/',
  seal: 'anchors/seal/',
  timestamp: 'anchors/timestamp/',
  ledger: 'anchors/ledger/',
  identity: 'anchors/identity/',
} as const;

export const MIMETYPE = 'mimetype';
export const MANIFEST = 'META-INF/ASiCManifest.xml';
/** Detached CAdES over the manifest's bytes, with its own signature timestamp. */
export const SEAL = 'META-INF/signature.p7s';
/** Added after sealing: self-authenticating, in no manifest. */
export const LETTER_PROOF = 'proofs/letter.tlog-proof';

/** Media type by file ending, as the manifest states it. */
export function mimeOf(name: string): string {
  const ending = name.slice(name.lastIndexOf('.') + 1);
  return MIME[ending] ?? 'application/octet-stream';
}

const MIME: Readonly<Record<string, string>> = {
  json: 'application/json',
  pdf: 'application/pdf',
  pem: 'application/x-pem-file',
  txt: 'text/plain; charset=utf-8',
  tsq: 'application/timestamp-query',
  tst: 'application/pkcs7-mime',
  vkey: 'text/plain; charset=utf-8',
};

/** True for a part name layout v0 allows under the manifest. */
export const isPartName = (name: string): boolean =>
  (Object.values(PART) as string[]).includes(name) ||
  /^anchors\/(?:scene|seal|timestamp|identity)\/[a-z0-9][a-z0-9.-]*\.pem$/.test(name) ||
  /^anchors\/ledger\/[a-z0-9][a-z0-9.-]*\.vkey$/.test(name);
