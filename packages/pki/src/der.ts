/** Strict DER (ITU-T X.690): the only reader and writer of ASN.1 in the product. Works in a browser. */
export { derMembers, DerFields, DerNode, readDer, type DerBudget } from './der-reader.js';
export { TAG } from './der-primitives.js';
export { der, type DerBytes } from './der-writer.js';
