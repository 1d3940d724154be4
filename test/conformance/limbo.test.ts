import { expect, test } from '@jest/globals';
import {
  alternativeNamesOf,
  OID,
  parseCertificate,
  parseCrl,
  validateCertificationPath,
  type Certificate,
  type KeyUsage,
} from '@mandate/pki';
import { isDomainError } from '@mandate/core';
import { corpusJson, pemBytes, whenPresent } from './corpus.js';

/** One case of C2SP x509-limbo, as far as it is used here. */
interface LimboCase {
  readonly id: string;
  readonly validation_kind: 'SERVER' | 'CLIENT';
  readonly trusted_certs: readonly string[];
  readonly untrusted_intermediates: readonly string[];
  readonly peer_certificate: string;
  readonly validation_time: string | null;
  readonly key_usage: readonly KeyUsage[];
  readonly extended_key_usage: readonly string[];
  readonly expected_result: 'SUCCESS' | 'FAILURE';
  readonly expected_peer_name: PeerName | null;
  readonly expected_peer_names: readonly PeerName[];
  readonly max_chain_depth: number | null;
  readonly crls: readonly string[];
}
interface PeerName {
  readonly kind: 'DNS' | 'IP' | 'RFC822';
  readonly value: string;
}

/** For cases without a time: one at which the suite's certificates (1970–2969) are valid. */
const ANY_TIME = new Date('2024-06-01T00:00:00Z');

const PURPOSES: Readonly<Record<string, string>> = {
  anyExtendedKeyUsage: OID.anyExtendedKeyUsage,
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: OID.timeStamping,
  OCSPSigning: OID.ocspSigning,
};

/** Whether the leaf is for the peer asked for. Our product asks for none; this is the suite's own need. */
function names(leaf: Certificate, { kind, value }: PeerName): boolean {
  return alternativeNamesOf(leaf).some((name) => {
    if (kind === 'IP') return name.kind === 'ip' && ipText(name.octets) === ipText(ipOctets(value));
    if (kind === 'RFC822') return name.kind === 'email' && name.value === value;
    if (name.kind !== 'dns') return false;
    const own = name.value.toLowerCase();
    const wanted = value.toLowerCase();
    // A wildcard is the whole first label and stands for exactly one (RFC 9525 §6.3).
    if (!own.startsWith('*.')) return own === wanted;
    return own.split('.').length > 2 && wanted.replace(/^[^.]+/, '*') === own;
  });
}

const ipText = (octets: Uint8Array): string => octets.join('.');
function ipOctets(text: string): Uint8Array {
  if (!text.includes(':')) return Uint8Array.from(text.split('.').map(Number));
  const [head = '', tail = ''] = text.split('::');
  const groups = (part: string): string[] => (part ? part.split(':') : []);
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array<string>(missing).fill('0'), ...groups(tail)];
  return Uint8Array.from(
    all.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255]),
  );
}

/** `SUCCESS`, or the first reason against. The suite holds issuers to §4 as well as paths to §6. */
function judge(it: LimboCase): string {
  const at = it.validation_time ? new Date(it.validation_time) : ANY_TIME;
  try {
    const read = (pem: string): Certificate => parseCertificate(pemBytes(pem));
    // What else lies in the bag may be broken; whatever the path needs must not be.
    const readable = <T>(list: readonly string[], reader: (pem: string) => T): T[] =>
      list.flatMap((pem) => {
        try {
          return [reader(pem)];
        } catch (error) {
          if (!isDomainError(error)) throw error;
          return [];
        }
      });
    const leaf = read(it.peer_certificate);
    const result = validateCertificationPath({
      leaf,
      candidates: readable(it.untrusted_intermediates, read),
      anchors: readable(it.trusted_certs, read),
      at,
      issuanceRules: true,
      ...(it.key_usage.length > 0 ? { keyUsage: it.key_usage } : {}),
      ...(it.extended_key_usage.length > 0
        ? { purposes: it.extended_key_usage.map((usage) => PURPOSES[usage]!) }
        : {}),
      // Their depth counts intermediates alone.
      ...(it.max_chain_depth === null ? {} : { budget: { length: it.max_chain_depth + 2 } }),
      ...(it.crls.length > 0
        ? {
            revocation: {
              crls: readable(it.crls, (pem) => parseCrl(pemBytes(pem))),
              ocsps: [],
              required: 'every' as const,
              now: at,
            },
          }
        : {}),
    });
    const fault = result.checks.find(({ ok }) => ok === false);
    if (fault) return `${fault.id} ${fault.detail}`;
    const peers = [
      ...(it.expected_peer_name ? [it.expected_peer_name] : []),
      ...it.expected_peer_names,
    ];
    return peers.every((peer) => names(leaf, peer)) ? 'SUCCESS' : 'another peer';
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return error.message;
  }
}

whenPresent('x509-limbo', 'limbo/limbo.json', () => {
  const { testcases } = corpusJson('limbo', 'limbo.json') as { testcases: LimboCase[] };
  test.each(testcases.map((it) => [it.id, it] as const))('%s', (_, it) => {
    const verdict = judge(it);
    if (it.expected_result === 'SUCCESS') expect(verdict).toBe('SUCCESS');
    else expect(verdict).not.toBe('SUCCESS');
  });
});
