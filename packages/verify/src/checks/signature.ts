import { checkSignedData, LETTER_ATTRIBUTES, OID } from '@mandate/pki';
import { findingsOf } from '../finding.js';
import type { LetterMaterial } from '../material/letter-material.js';
import type { Finding } from '../verification.js';

/** The subject's CMS signature over the ByteRange, by itself; whose it is comes later. */
export const checkSignature = ({ signedData, rangesDigest }: LetterMaterial): Finding[] =>
  findingsOf(
    'signature',
    checkSignedData(signedData, {
      contentDigest: rangesDigest,
      contentType: OID.data,
      attributes: LETTER_ATTRIBUTES,
    }),
  );
