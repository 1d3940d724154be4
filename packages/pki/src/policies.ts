import { OID } from './oids.js';
import type { Certificate } from './certificate.js';
import { bad } from './der-primitives.js';
import { TAG, type DerNode } from './der.js';
import { typedExtension } from './typed-extension.js';

export interface PolicyMapping {
  readonly issuer: string;
  readonly subject: string;
}

/** Policies asserted, null if the extension is absent; qualifiers are ignored (§4.2.1.4). Throws `format-der`. */
export const policiesOf = (certificate: Certificate): ReadonlySet<string> | null =>
  typedExtension(certificate, OID.certificatePolicies, (node) => {
    const list = node.expect(TAG.sequence).children.map((it) => it.fields().next(TAG.oid).oid());
    if (list.length === 0) bad('no policy');
    if (new Set(list).size !== list.length) bad('a policy appears twice');
    return new Set(list);
  });

/** §4.2.1.5; empty if absent. Throws `format-der`. */
export const policyMappingsOf = (certificate: Certificate): readonly PolicyMapping[] =>
  typedExtension(certificate, OID.policyMappings, (node) => {
    const list = node.expect(TAG.sequence).children.map((pair) => {
      const fields = pair.fields();
      const mapping = { issuer: fields.next(TAG.oid).oid(), subject: fields.next(TAG.oid).oid() };
      fields.end();
      return mapping;
    });
    if (list.length === 0) bad('no policy mapping');
    return list;
  }) ?? [];

/** §4.2.1.11: after how many certificates a policy is required, or mapping forbidden. Throws `format-der`. */
export const policyConstraintsOf = (
  certificate: Certificate,
): { readonly requireExplicit?: number; readonly inhibitMapping?: number } | null =>
  typedExtension(certificate, OID.policyConstraints, (node) => {
    const fields = node.fields();
    const count = (it: DerNode | undefined): number | undefined => it && skip(it.as(TAG.integer));
    const requireExplicit = count(fields.optional(0x80));
    const inhibitMapping = count(fields.optional(0x81));
    fields.end();
    if (requireExplicit === undefined && inhibitMapping === undefined)
      bad('empty policy constraints');
    return {
      ...(requireExplicit === undefined ? {} : { requireExplicit }),
      ...(inhibitMapping === undefined ? {} : { inhibitMapping }),
    };
  });

/** §4.2.1.14: after how many certificates anyPolicy no longer counts, null if never. Throws `format-der`. */
export const inhibitAnyPolicyOf = (certificate: Certificate): number | null =>
  typedExtension(certificate, OID.inhibitAnyPolicy, skip);

/** SkipCerts ::= INTEGER (0..MAX); a path is never long enough for the difference to matter. */
function skip(node: DerNode): number {
  const value = node.integer();
  if (value < 0n) bad('negative number of certificates');
  return Number(value > 1000n ? 1000n : value);
}
