import type { Certificate } from './certificate.js';
import { namesEqual } from './compare-names.js';
import { verifyWithin, type SignatureOutcome } from './legacy-algorithms.js';
import type { Crl } from './parse-crl.js';
import { runFor, type RevocationMaterial, type RevocationRun } from './revocation.js';

/** Signers of one name tried per list, each with a path of its own. */
const MAX_SIGNERS = 8;

const outcomes = new WeakMap<Crl, Map<string, SignatureOutcome>>();

function listSignature(crl: Crl, signer: Certificate, run: RevocationRun): SignatureOutcome {
  const range = run.request.algorithms ?? 'current';
  const id = `${range} ${Buffer.from(signer.spki).toString('base64')}`;
  const known = outcomes.get(crl) ?? new Map<string, SignatureOutcome>();
  outcomes.set(crl, known);
  let outcome = known.get(id);
  if (!outcome) {
    const { algorithm, tbs: message, signature } = crl;
    outcome = verifyWithin({ algorithm, message, signature }, signer.spki, range);
    known.set(id, outcome);
  }
  return outcome;
}

/**
 * The certificate whose key signed a list, or why there is none (§6.3.3 f–g): an authority of the
 * chain itself, or another certificate of the list issuer's name whose own path to the same anchor
 * holds, its revocation included.
 */
export function findListSigner(
  crl: Crl,
  chain: readonly Certificate[],
  material: RevocationMaterial,
  run: RevocationRun,
): Certificate | string {
  const above = chain.slice(1);
  const others = run.request.candidates.filter((it) => !above.includes(it));
  const named = [...above, ...others].filter((it) => namesEqual(it.subjectDer, crl.issuerDer));
  let fault = 'no certificate of the list’s issuer';
  for (const signer of named.slice(0, MAX_SIGNERS)) {
    const outcome = listSignature(crl, signer, run);
    if (outcome !== 'verified') fault = `signature of the list is ${outcome}`;
    else if (!(signer.keyUsage?.includes('cRLSign') ?? true))
      fault = 'its issuer may not sign lists';
    else if (above.includes(signer)) return signer;
    else {
      const wrong = pathFault(signer, above[above.length - 1]!, material, run);
      if (!wrong) return signer;
      fault = wrong;
    }
  }
  return fault;
}

function pathFault(
  signer: Certificate,
  anchor: Certificate,
  revocation: RevocationMaterial,
  run: RevocationRun,
): string | undefined {
  const inner = runFor(run, signer);
  if (!inner) return 'the list’s signer would have to answer for itself';
  const { candidates, at, algorithms, anchorsAs, issuanceRules } = run.request;
  const { checks } = run.search(
    {
      leaf: signer,
      candidates,
      anchors: [anchor],
      at,
      revocation,
      ...(algorithms ? { algorithms } : {}),
      ...(anchorsAs ? { anchorsAs } : {}),
      ...(issuanceRules ? { issuanceRules } : {}),
    },
    inner,
  );
  const fault = checks.find(({ ok }) => ok === false);
  return fault && `the list’s signer: ${fault.detail}`;
}
