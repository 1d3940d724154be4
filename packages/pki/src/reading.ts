/**
 * How closely certificates, CRLs and OCSP answers are held to their encoding rules. Both readings
 * are DER; `strict` is for what we and our authorities make.
 *
 * `foreign` takes what other authorities have signed, which validators must not call broken:
 * - DEFAULT values written out (`critical FALSE`, `cA FALSE`): X.690 §11.5 forbids it, whole product
 *   lines of the 2000s did it;
 * - GeneralizedTime before 2050: §4.1.2.5 binds issuers, users must read either form (PKITS 4.2.4);
 * - serial numbers negative, zero or longer than 20 octets: §4.1.2.2 asks users to cope;
 * - versions 1 and 2 (old trust anchors) and version 1 CRLs;
 * - name parts out of SET order, attribute values that are no readable strings;
 * - a signature of broken octets (kept as one that verifies nothing: wrong, not malformed);
 * - an empty list of revoked certificates written out.
 * None changes what a value means, and the signature covers the bytes as they stand.
 */
export type Reading = 'strict' | 'foreign';
