import { expect, test } from '@jest/globals';
import {
  parseCertificate,
  parseCrl,
  validateCertificationPath,
  type Certificate,
  type CertificationPathResult,
} from '@mandate/pki';
import { corpusBytes, corpusJson, whenPresent } from './corpus.js';

/** One case of the NIST PKITS suite; `error`: the path must not hold, and why by another validator's words. */
interface PkitsCase {
  readonly id: string;
  readonly name: string;
  readonly cert: string;
  readonly other_certs?: readonly string[];
  readonly crls?: readonly string[];
  readonly path_len: number;
  readonly error?: { readonly class: string; readonly msg_regex: string };
  /** Policy inputs, for suites that carry them. */
  readonly params?: {
    readonly user_initial_policy_set?: readonly string[];
    readonly initial_policy_mapping_inhibit?: boolean;
    readonly initial_explicit_policy?: boolean;
    readonly initial_any_policy_inhibit?: boolean;
  };
}

const CLOCK = new Date('2022-05-01T00:00:00Z');
/** DSA is no algorithm of ours: a valid path with it is refused, as unsupported and as nothing else. */
const UNSUPPORTED: readonly string[] = ['40104', '40105'];

/** The class of reason the authors give, as the check that must have failed. */
function expectedFault({ error }: PkitsCase): readonly string[] {
  const [kind, words] = [error?.class, error?.msg_regex ?? ''];
  if (kind !== 'PathValidationError') return ['path-revocation'];
  const reasons: readonly [RegExp, string][] = [
    [/signature of/, 'path-signatures'],
    [/expired|not valid until/, 'path-validity'],
    [/issuer name could not be matched/, 'path-chain'],
    [/not a CA|maximum path length|not allowed to sign/, 'path-authorities'],
    [/namespace/, 'path-names'],
    [/critical extension/, 'path-critical-extensions'],
    [/polic/, 'path-policies'],
  ];
  return reasons.filter(([pattern]) => pattern.test(words)).map(([, id]) => id);
}

function validate(it: PkitsCase): CertificationPathResult {
  const certificate = (file: string): Certificate =>
    parseCertificate(corpusBytes('pkits', 'certs', file), 'foreign');
  const crls = ['TrustAnchorRootCRL.crl', ...(it.crls ?? [])].flatMap((file) => {
    try {
      return [parseCrl(corpusBytes('pkits', 'crls', file), 'foreign')];
    } catch {
      return []; // lists that must not be used: critical extensions nobody knows
    }
  });
  const params = it.params;
  return validateCertificationPath({
    leaf: certificate(it.cert),
    candidates: (it.other_certs ?? []).map(certificate),
    anchors: [certificate('TrustAnchorRootCertificate.crt')],
    at: CLOCK,
    policies: {
      ...(params?.user_initial_policy_set ? { acceptable: params.user_initial_policy_set } : {}),
      explicit: params?.initial_explicit_policy ?? false,
      inhibitMapping: params?.initial_policy_mapping_inhibit ?? false,
      inhibitAny: params?.initial_any_policy_inhibit ?? false,
    },
    revocation: { crls, ocsps: [], required: 'every', now: CLOCK },
  });
}

whenPresent('PKITS', 'pkits/pkits.json', () => {
  const cases = corpusJson('pkits', 'pkits.json') as PkitsCase[];
  test.each(cases.map((it) => [`${it.id} ${it.name}`, it] as const))('%s', (_, it) => {
    const result = validate(it);
    const failed = result.checks.filter(({ ok }) => ok === false);
    if (UNSUPPORTED.includes(it.id)) {
      expect(failed).toMatchObject([
        { id: 'path-signatures', subIndication: 'CRYPTO_CONSTRAINTS_FAILURE' },
      ]);
    } else if (it.error) {
      expect(result.chain).toBeNull();
      // A bad signature under an algorithm of no use to us is refused for the algorithm.
      expect(expectedFault(it)).toContain(failed[0]!.id);
    } else {
      expect(failed).toEqual([]);
      expect(result.chain).toHaveLength(it.path_len);
    }
  });
});
