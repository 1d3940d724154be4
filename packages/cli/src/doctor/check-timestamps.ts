import { sha256 } from '@mandate/core';
import { httpTimestampAuthority, readTimestampRoots } from '@mandate/adapters';
import {
  checkToken,
  parseCertificate,
  parseTimestampRequest,
  parseTimestampResponse,
  parseToken,
  timestampRequest,
  tokenHolds,
} from '@mandate/pki';
import { fault, ok, reasonOf, warning, type Check, type Finding, type Patient } from './finding.js';

/** What a token's time may differ from ours, seconds, beyond the time the answer took. */
const SKEW = 2;

/** Each authority is asked for a token over a random digest; the token is checked line by line, its time with ours. */
export const checkTimestamps: Check = async (patient) => {
  const { tsas } = patient.config;
  const operators = new Set(tsas.map(({ operator }) => operator)).size;
  const findings = await Promise.all(tsas.map((tsa) => checkOne(patient, tsa)));
  return [
    ...findings.flat(),
    ...(operators < 2
      ? [
          (patient.config.production ? fault : warning)(
            'timestamps',
            'one operator only: in production letters stay at level B-T',
            'add an authority of another operator to TSA_URLS',
          ),
        ]
      : []),
  ];
};

async function checkOne(
  { config, clock, random }: Patient,
  { name, operator, url }: Patient['config']['tsas'][number],
): Promise<Finding[]> {
  if (url === 'builtin:')
    return [ok('timestamps', `${name}: our own authority, with this machine's clock`)];
  const nonce = random.bytes(16);
  nonce[0]! |= 1;
  nonce[0]! &= 0x7f;
  const digest = sha256(random.bytes(32));
  const request = timestampRequest({ digest, nonce });
  const before = clock.now();
  try {
    const answer = await httpTimestampAuthority(url, { name, operator }).stamp(request);
    const after = clock.now();
    const response = parseTimestampResponse(answer);
    if (!response.token)
      return [
        fault(
          'timestamps',
          `${name} refuses: status ${response.status} ${response.failures.join(' ')}`,
          'ask its operator; credentials go into the URL',
        ),
      ];
    const token = parseToken(response.token);
    const off = Math.max(
      (before.getTime() - token.info.genTime.getTime()) / 1000,
      (token.info.genTime.getTime() - after.getTime()) / 1000,
      0,
    );
    const findings: Finding[] = [];
    if (off > SKEW)
      findings.push(
        fault(
          'timestamps',
          `${name} and this machine differ by ${off.toFixed(1)} s`,
          'set this machine by NTP; a certificate lives nine minutes and a token outside of it is refused',
        ),
      );
    const roots = (await readTimestampRoots(config.trustFolder, [name]).catch(() => null))?.get(
      name,
    );
    if (!roots || roots.length === 0)
      findings.push(
        fault(
          'timestamps',
          `${name}: no root in TRUST_DIR/timestamp`,
          `put its root into timestamp/${name}.pem`,
        ),
      );
    else {
      const checks = checkToken({
        token,
        digest,
        status: response.status,
        request: parseTimestampRequest(request),
        anchors: roots.map((root) => parseCertificate(root, 'foreign')),
        pinnedAccuracySeconds: 1,
      });
      if (!tokenHolds(checks))
        findings.push(
          fault(
            'timestamps',
            `${name}: its token fails ${checks
              .filter((it) => it.ok === false)
              .map(({ id }) => id)
              .join(', ')}`,
            'compare the pinned root with the one its operator publishes; tokens like this are not accepted',
          ),
        );
    }
    return findings.length > 0
      ? findings
      : [
          ok(
            'timestamps',
            `${name}: token checked, clocks within ${SKEW} s, ${after.getTime() - before.getTime()} ms`,
          ),
        ];
  } catch (error) {
    return [
      fault(
        'timestamps',
        `${name}: ${reasonOf(error)}`,
        'check TSA_URLS and the way out; with none answering nothing is signed',
      ),
    ];
  }
}
