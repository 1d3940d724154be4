import { readFileSync } from 'node:fs';
import { parseCertificate, type Certificate } from '@mandate/pki';
import type { TrustAnchors } from '@mandate/verify';

/** Inputs that pass, by file name, with the trust and the moment for which they do. */
export interface Specimens {
  readonly bytes: (name: string) => Uint8Array;
  readonly certificate: (name: string) => Certificate;
  readonly anchors: TrustAnchors;
  readonly at: Date;
}

/** `anchors.json`: certificates are base64, verifier keys one a line. */
export interface WrittenTrust {
  readonly at: string;
  readonly scene: readonly string[];
  readonly seal: readonly string[];
  readonly timestamp: readonly string[];
  readonly ledger: string;
}

/** Specimens from wherever `read` finds them. */
export function specimensFrom(read: (name: string) => Uint8Array): Specimens {
  const text = new TextDecoder().decode(read('anchors.json'));
  const { at, scene, seal, timestamp, ledger } = JSON.parse(text) as WrittenTrust;
  const decode = (list: readonly string[]): Uint8Array[] =>
    list.map((item) => new Uint8Array(Buffer.from(item, 'base64')));
  return {
    bytes: read,
    certificate: (name) => parseCertificate(read(name)),
    anchors: {
      scene: decode(scene),
      seal: decode(seal),
      timestamp: decode(timestamp),
      ledger: ledger.split('\n'),
    },
    at: new Date(at),
  };
}

/** Those in the repository: with them a seed and an index give the same bytes anywhere. */
export const committedSpecimens = (): Specimens =>
  specimensFrom(
    (name) => new Uint8Array(readFileSync(new URL(`specimens/${name}`, import.meta.url))),
  );
