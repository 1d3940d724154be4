export * from './algorithms.js';
export * from './certificate-fields.js';
export * from './certificate-writer.js';
export * from './certificate.js';
export * from './check-signed-data.js';
export * from './check.js';
export * from './der.js';
export * from './ecdsa.js';
export * from './extensions.js';
export * from './name.js';
export * from './oids.js';
export * from './scene-binding.js';
export * from './signed-attributes.js';
export * from './signed-data.js';
export * from './suite.js';
export * from './check-ocsp.js';
export * from './check-token.js';
export * from './check-crl.js';
export * from './crl.js';
export {
  certIdNames,
  certIdOf,
  ocspRequest,
  parseOcspRequest,
  type CertId,
  type OcspRequest,
} from './ocsp-request.js';
export * from './jwk.js';
export * from './ocsp.js';
export * from './path-checks.js';
export * from './path.js';
export {
  CERTIFICATION_PATH_CHECKS,
  validateCertificationPath,
  type CertificationPathRequest,
  type CertificationPathResult,
} from './certification-path.js';
export * from './compare-names.js';
export * from './general-name.js';
export * from './legacy-algorithms.js';
export { alternativeNamesOf, nameConstraintsOf, type NameConstraints } from './name-constraints.js';
export * from './parse-crl.js';
export type { PolicyInputs } from './policy-checks.js';
export * from './policies.js';
export type { Reading } from './reading.js';
export type { RevocationMaterial, RevocationStatus } from './revocation.js';
export * from './sunset.js';
export * from './tsp.js';
