/** ASiC-E media type (ETSI EN 319 162-1 §4.4.3); content of the first entry. */
export const BUNDLE_MIME = 'application/vnd.etsi.asic-e+zip';

/** Names inside a bundle, layout v1. All are required but those in OPTIONAL_PARTS. */
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
  /** Builds of page and server. */
  provenance: 'authorization/provenance.json',
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

/** What the scene's measures left; which of them must be there, the scene says. And the builds, where they are known. */
export const OPTIONAL_PARTS: readonly PartName[] = [
  PART.codeRecord,
  PART.passkey,
  PART.delivery,
  PART.identity,
  PART.provenance,
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

/** For one reader, named by the thumbprint of their key; added to a copy, in no manifest. */
export const disclosureName = (thumbprint: string): string => `disclosures/${thumbprint}.jwe`;
/** Whose it is; null for other names. */
export const disclosureReader = (name: string): string | null =>
  /^disclosures\/([A-Za-z0-9_-]{43})\.jwe$/.exec(name)?.[1] ?? null;

/** More would be no letter's life: the producer's pauses grow so that these last for eleven years. */
export const MAXIMUM_GENERATIONS = 99;

/** `001`: how a later generation's number stands in names. */
const digits = (generation: number): string => String(generation).padStart(3, '0');
/** Manifest and seal of a generation; 0 is what was sealed at signing. */
export const manifestName = (generation: number): string =>
  generation === 0 ? MANIFEST : `META-INF/ASiCManifest-${digits(generation)}.xml`;
export const sealName = (generation: number): string =>
  generation === 0 ? SEAL : `META-INF/signature-${digits(generation)}.p7s`;

/** Files of a later generation, below `later/NNN/`. The archived letter and proofs may be absent. */
export const LATER = {
  state: 'state.json',
  receipts: 'receipts.json',
  accesses: 'accesses.json',
  letter: 'letter-archived.pdf',
} as const;
export type LaterFile = (typeof LATER)[keyof typeof LATER];
export const REQUIRED_LATER: readonly LaterFile[] = [LATER.state, LATER.receipts, LATER.accesses];

export const laterName = (generation: number, file: LaterFile): string =>
  `later/${digits(generation)}/${file}`;
/** The proof of the ledger entry with that index. */
export const laterProofName = (generation: number, index: number): string =>
  `later/${digits(generation)}/proofs/${index}.tlog-proof`;

/** The generation a name belongs to; null for names of generation 0 and foreign ones. */
export function generationOf(name: string): number | null {
  const [, number] =
    /^META-INF\/(?:ASiCManifest-(?=\d{3}\.xml$)|signature-(?=\d{3}\.p7s$))(\d{3})/.exec(name) ??
    /^later\/(\d{3})\/(?:state\.json|receipts\.json|accesses\.json|letter-archived\.pdf|proofs\/(?:0|[1-9]\d{0,15})\.tlog-proof)$/.exec(
      name,
    ) ??
    [];
  return number === undefined || number === '000' ? null : Number(number);
}

/** Index of the ledger entry that a file of a later generation proves; null when it is no proof. */
export function provenIndex(name: string): number | null {
  const [, index] = /^later\/\d{3}\/proofs\/(\d+)\.tlog-proof$/.exec(name) ?? [];
  return index === undefined ? null : Number(index);
}

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
  xml: 'application/xml',
  p7s: 'application/pkcs7-signature',
  'tlog-proof': 'text/plain; charset=utf-8',
};

/** True for a part name layout v1 allows under the manifest. */
export const isPartName = (name: string): boolean =>
  (Object.values(PART) as string[]).includes(name) ||
  /^anchors\/(?:scene|seal|timestamp|identity)\/[a-z0-9][a-z0-9.-]*\.pem$/.test(name) ||
  /^anchors\/ledger\/[a-z0-9][a-z0-9.-]*\.vkey$/.test(name);
