import { OID } from './oids.js';
import type { Certificate } from './certificate.js';
import { isSelfIssued, type Fault } from './chain-checks.js';
import {
  inhibitAnyPolicyOf,
  policiesOf,
  policyConstraintsOf,
  policyMappingsOf,
} from './policies.js';
import { PolicyGraph } from './policy-graph.js';

/** The policy inputs of path validation (RFC 5280 §6.1.1 c–g). */
export interface PolicyInputs {
  /** user-initial-policy-set; left out: any policy will do. */
  readonly acceptable?: readonly string[];
  /** initial-explicit-policy: the path must be valid for some policy. */
  readonly explicit?: boolean;
  /** initial-policy-mapping-inhibit. */
  readonly inhibitMapping?: boolean;
  /** initial-any-policy-inhibit. */
  readonly inhibitAny?: boolean;
}

/** Policies the path is valid for (`anyPolicy` alone: all), or why it is not. */
export type PolicyOutcome = { readonly policies: readonly string[] } | { readonly fault: Fault };

/**
 * Policy processing along a chain, leaf first, anchor last. The anchor's own policy constraints and
 * anyPolicy inhibition count (RFC 5937 §3), its policies and mappings do not. Throws `format-der`.
 */
export function processPolicies(
  chain: readonly Certificate[],
  inputs: PolicyInputs,
): PolicyOutcome {
  const path = chain.slice(0, -1).reverse();
  const never = path.length + 1;
  const counters = {
    explicit: inputs.explicit ? 0 : never,
    mapping: inputs.inhibitMapping ? 0 : never,
    any: inputs.inhibitAny ? 0 : never,
  };
  constrain(counters, chain[chain.length - 1]!);
  const graph = new PolicyGraph();
  for (const [i, certificate] of path.entries()) {
    const last = i === path.length - 1;
    const selfIssued = isSelfIssued(certificate);
    const policies = policiesOf(certificate);
    if (policies) graph.extend(policies, counters.any > 0 || (!last && selfIssued));
    else graph.clear();
    const required = (): PolicyOutcome | undefined =>
      counters.explicit === 0 && graph.isNull
        ? { fault: ['CHAIN_CONSTRAINTS_FAILURE', 'no policy is valid along the path'] }
        : undefined;
    const missing = required();
    if (missing) return missing;
    const mappings = policyMappingsOf(certificate);
    if (last) {
      if (counters.explicit > 0) counters.explicit--;
      if (policyConstraintsOf(certificate)?.requireExplicit === 0) counters.explicit = 0;
      continue;
    }
    if (
      mappings.some(({ issuer, subject }) => issuer === OID.anyPolicy || subject === OID.anyPolicy)
    )
      return { fault: ['CHAIN_CONSTRAINTS_FAILURE', 'anyPolicy is mapped'] };
    if (mappings.length > 0) graph.map(mappings, counters.mapping > 0);
    if (!selfIssued)
      for (const key of ['explicit', 'mapping', 'any'] as const)
        if (counters[key] > 0) counters[key]--;
    constrain(counters, certificate);
  }
  const wanted = inputs.acceptable ? new Set(inputs.acceptable) : null;
  // Asking for anyPolicy is asking for nothing in particular.
  const policies = graph.constrainedTo(wanted?.has(OID.anyPolicy) ? null : wanted);
  if (counters.explicit === 0 && policies.size === 0)
    return { fault: ['CHAIN_CONSTRAINTS_FAILURE', 'the path is valid for no acceptable policy'] };
  return { policies: [...policies].sort() };
}

/** policyConstraints and inhibitAnyPolicy of an authority (§6.1.4 i–j): they only ever lower. */
function constrain(
  counters: { explicit: number; mapping: number; any: number },
  authority: Certificate,
): void {
  const { requireExplicit, inhibitMapping } = policyConstraintsOf(authority) ?? {};
  counters.explicit = Math.min(counters.explicit, requireExplicit ?? Infinity);
  counters.mapping = Math.min(counters.mapping, inhibitMapping ?? Infinity);
  counters.any = Math.min(counters.any, inhibitAnyPolicyOf(authority) ?? Infinity);
}
