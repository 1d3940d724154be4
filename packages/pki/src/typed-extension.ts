import type { Certificate } from './certificate.js';
import { readDer, type DerNode } from './der.js';

const read = new WeakMap<Certificate, Map<string, unknown>>();

/**
 * The value of one extension, null if it is absent. Only path validation needs these, so they are
 * read when asked for, once per certificate. Throws `format-der`, `budget-exceeded`.
 */
export function typedExtension<T>(
  certificate: Certificate,
  oid: string,
  reader: (node: DerNode) => T,
): T | null {
  const values = read.get(certificate) ?? new Map<string, unknown>();
  read.set(certificate, values);
  if (!values.has(oid)) {
    const extension = certificate.extensions.find((it) => it.oid === oid);
    values.set(oid, extension ? reader(readDer(extension.value)) : null);
  }
  return values.get(oid) as T | null;
}
