import { expect, test } from '@jest/globals';
import {
  parseCertificate,
  parseOcspResponse,
  validateCertificationPath,
  type Certificate,
  type CertificationPathResult,
} from '@mandate/pki';
import { corpusBytes, corpusJson, pemBytes, whenPresent } from './corpus.js';

/** One OCSP case; answers are base64, certificates PEM. */
interface OcspCase {
  readonly name: string;
  readonly root: string;
  readonly cert: string;
  readonly other_certs?: readonly string[];
  readonly ocsps: readonly string[];
  readonly path_len: number;
  readonly moment: string;
  readonly error?: { readonly class: string; readonly msg_regex: string };
}

const text = (file: string): string => new TextDecoder().decode(corpusBytes('openssl-ocsp', file));

function validate(it: OcspCase): CertificationPathResult {
  const certificate = (file: string): Certificate =>
    parseCertificate(pemBytes(text(file)), 'foreign');
  const at = new Date(it.moment);
  return validateCertificationPath({
    leaf: certificate(it.cert),
    candidates: (it.other_certs ?? []).map(certificate),
    anchors: [certificate(it.root)],
    at,
    // Answers and certificates of 2012: SHA-1 throughout.
    algorithms: 'legacy',
    revocation: {
      crls: [],
      ocsps: it.ocsps.map((file) => parseOcspResponse(pemBytes(text(file)), 'foreign')),
      // Some cases have an answer for the leaf only and expect success.
      required: 'leaf',
      now: at,
    },
  });
}

whenPresent('OpenSSL OCSP', 'openssl-ocsp/openssl-ocsp.json', () => {
  const cases = corpusJson('openssl-ocsp', 'openssl-ocsp.json') as OcspCase[];
  test.each(cases.map((it) => [it.name, it] as const))('%s', (_, it) => {
    const result = validate(it);
    const failed = result.checks.filter(({ ok }) => ok === false).map(({ id }) => id);
    expect(failed).toEqual(it.error ? ['path-revocation'] : []);
    expect(result.tried).toHaveLength(it.path_len);
  });
});
