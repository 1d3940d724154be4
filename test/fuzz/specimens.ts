import { readFileSync } from 'node:fs';
import { parseCertificate, type Certificate } from '@mandate/pki';
import type { TrustAnchors } from '@mandate/verify';

/** Trust and time the specimens were made for; certificates are base64. */
export interface Anchors {
  readonly at: string;
  readonly scene: readonly string[];
  readonly seal: readonly string[];
  readonly timestamp: readonly string[];
  /** Verifier keys, one a line. */
  readonly ledger: string;
}

const folder = new URL('specimens/', import.meta.url);

export const specimen = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(name, folder)));

/** The trust under which every specimen passes, and the moment for which it does. */
export function specimenTrust(): { anchors: TrustAnchors; at: Date } {
  const text = readFileSync(new URL('anchors.json', folder), 'utf8');
  const { at, scene, seal, timestamp, ledger } = JSON.parse(text) as Anchors;
  const decode = (list: readonly string[]): Uint8Array[] =>
    list.map((item) => new Uint8Array(Buffer.from(item, 'base64')));
  return {
    at: new Date(at),
    anchors: {
      scene: decode(scene),
      seal: decode(seal),
      timestamp: decode(timestamp),
      ledger: ledger.split('\n'),
    },
  };
}

export const specimenCertificate = (name: string): Certificate => parseCertificate(specimen(name));
