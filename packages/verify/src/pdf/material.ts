import { isDomainError } from '@mandate/core';
import { isKind, refKey, type PdfDict, type PdfFile, type PdfObject } from '@mandate/pdf';
import {
  parseCertificate,
  parseCrl,
  parseOcspResponse,
  type Certificate,
  type Crl,
  type OcspResponse,
} from '@mandate/pki';
import { readable } from './foreign-cms.js';

/** Something with the revision of the file it was written in: what covers the revision, proves it existed. */
export interface Dated<T> {
  readonly item: T;
  readonly revision: number;
}

/** Certificates and revocation data at hand. */
export interface Material {
  readonly certificates: readonly Certificate[];
  readonly crls: readonly Dated<Crl>[];
  readonly ocsps: readonly Dated<OcspResponse>[];
}

/** Streams read over all security stores of all revisions. */
const MAX_STREAMS = 2000;

const LISTS = [
  ['Certs', 'Cert'],
  ['CRLs', 'CRL'],
  ['OCSPs', 'OCSP'],
] as const;

/**
 * The document security stores of all revisions (ETSI EN 319 142-1 §5.4.2): an update may leave out what
 * an earlier one held. What cannot be read is left out.
 */
export function readSecurityStores(file: PdfFile): Material {
  const found = new Map<string, { kind: number; bytes: Uint8Array; revision: number }>();
  for (let revision = 0; revision <= file.last; revision++) {
    const store = attempt(() => file.dictAt(file.catalogAt(revision), 'DSS', revision));
    if (!store) continue;
    LISTS.forEach(([list, inRecord], kind) => {
      for (const item of [
        ...itemsOf(file, store, list, revision),
        ...recordsOf(file, store, revision).flatMap((it) => itemsOf(file, it, inRecord, revision)),
      ]) {
        if (!isKind(item, 'ref') || found.size >= MAX_STREAMS) continue;
        const written = file.entry(item.number, revision)?.revision ?? revision;
        const key = `${kind} ${refKey(item)} ${written}`;
        if (found.has(key)) continue;
        const bytes = attempt(() => {
          const stream = file.resolve(item, revision);
          return isKind(stream, 'stream') ? file.decode(stream) : undefined;
        });
        if (bytes) found.set(key, { kind, bytes, revision: written });
      }
    });
  }
  const of = (kind: number): { bytes: Uint8Array; revision: number }[] =>
    [...found.values()].filter((it) => it.kind === kind);
  return {
    certificates: readable(of(0), ({ bytes }) => parseCertificate(bytes, 'foreign')),
    crls: readable(of(1), ({ bytes, revision }) => ({
      item: parseCrl(bytes, 'foreign'),
      revision,
    })),
    ocsps: readable(of(2), ({ bytes, revision }) => ({
      item: parseOcspResponse(bytes, 'foreign'),
      revision,
    })),
  };
}

const itemsOf = (
  file: PdfFile,
  dict: PdfDict,
  key: string,
  revision: number,
): readonly PdfObject[] => {
  const list = attempt(() => file.resolve(dict.entries.get(key), revision)) ?? null;
  return isKind(list, 'array') ? list.items : [];
};

function recordsOf(file: PdfFile, store: PdfDict, revision: number): PdfDict[] {
  const records = attempt(() => file.dictAt(store, 'VRI', revision));
  return [...(records?.entries.values() ?? [])].flatMap((item) => {
    const record = attempt(() => file.resolve(item, revision)) ?? null;
    return isKind(record, 'dict') ? [record] : [];
  });
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return undefined;
  }
}
