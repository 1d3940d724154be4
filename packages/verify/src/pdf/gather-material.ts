import type { PdfFile } from '@mandate/pdf';
import { parseCrl, parseOcspResponse, type Certificate } from '@mandate/pki';
import { readable } from './foreign-cms.js';
import type { GatheredSignature } from './judge-signature.js';
import { readSecurityStores, type Material } from './material.js';

/** Revocation data that stand beside a file, or in revisions cut off from it. */
export interface KeptRevocation {
  readonly crls: readonly Uint8Array[];
  readonly ocsps: readonly Uint8Array[];
  /** When the judging is done in truth: what was issued until then counts. */
  readonly now: Date;
}

/** All certificates and revocation data of a file: its stores, and what its signatures carry. */
export function gatherMaterial(file: PdfFile, gathered: readonly GatheredSignature[]): Material {
  const stores = readSecurityStores(file);
  const dated = <T>(items: readonly T[], revision: number | undefined) =>
    items.map((item) => ({ item, revision: revision ?? file.last }));
  return {
    certificates: once([
      ...stores.certificates,
      ...stores.ocsps.flatMap(({ item }) => item.certificates),
      ...gathered.flatMap(({ cms }) => cms?.certificates ?? []),
      ...gathered.flatMap(({ cms }) => cms?.ocsps.flatMap((it) => it.certificates) ?? []),
    ]),
    crls: [
      ...stores.crls,
      ...gathered.flatMap(({ cms, revision }) => dated(cms?.crls ?? [], revision)),
    ],
    ocsps: [
      ...stores.ocsps,
      ...gathered.flatMap(({ cms, revision }) => dated(cms?.ocsps ?? [], revision)),
    ],
  };
}

/** With revocation data from elsewhere, as if they stood in that revision. */
export function withKept(
  { certificates, crls, ocsps }: Material,
  kept: KeptRevocation | undefined,
  revision: number,
): Material {
  if (!kept) return { certificates, crls, ocsps };
  const answers = readable(kept.ocsps, (der) => parseOcspResponse(der, 'foreign'));
  // of several lists the first that can be used is asked, and an older one knows less
  const lists = readable(kept.crls, (der) => parseCrl(der, 'foreign')).toSorted(
    (a, b) => b.thisUpdate.getTime() - a.thisUpdate.getTime(),
  );
  return {
    certificates: once([...certificates, ...answers.flatMap((it) => it.certificates)]),
    crls: [...lists.map((item) => ({ item, revision })), ...crls],
    ocsps: [...ocsps, ...answers.map((item) => ({ item, revision }))],
  };
}

/** Bags repeat themselves; searching them over and over is what costs. */
function once(certificates: readonly Certificate[]): Certificate[] {
  const byBytes = new Map(certificates.map((it) => [Buffer.from(it.der).toString('latin1'), it]));
  return [...byBytes.values()];
}
