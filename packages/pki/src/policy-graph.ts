import { OID } from './oids.js';
import type { PolicyMapping } from './policies.js';

interface PolicyNode {
  readonly policy: string;
  /** Policies of the next certificate that continue this one. */
  expected: readonly string[];
  readonly parents: readonly PolicyNode[];
}

const ANY = OID.anyPolicy;

/**
 * The valid policies of a path, level by level (RFC 9618, which replaces the tree of RFC 5280 §6.1
 * by a graph: the tree doubles with every certificate, the graph has one node per policy and level).
 */
export class PolicyGraph {
  private levels: PolicyNode[][] = [[{ policy: ANY, expected: [ANY], parents: [] }]];

  /** True when nothing is left: no policy is valid along the whole path. */
  get isNull(): boolean {
    return this.levels[this.levels.length - 1]!.length === 0;
  }

  /** A certificate without policies: none is valid any more (§6.1.3 e). */
  clear(): void {
    this.levels.push([]);
  }

  /** One certificate's policies (§6.1.3 d); `any`: whether its anyPolicy counts. */
  extend(policies: ReadonlySet<string>, any: boolean): void {
    const above = this.levels[this.levels.length - 1]!;
    const continued = new Map<string, PolicyNode[]>();
    for (const node of above)
      for (const policy of node.expected) {
        const nodes = continued.get(policy);
        if (nodes) nodes.push(node);
        else continued.set(policy, [node]);
      }
    const wildcard = above.find(({ policy }) => policy === ANY);
    const level: PolicyNode[] = [];
    const add = (policy: string, parents: readonly PolicyNode[]): unknown =>
      level.push({ policy, expected: [policy], parents });
    for (const policy of policies) {
      if (policy === ANY) continue;
      const parents = continued.get(policy) ?? (wildcard && [wildcard]);
      if (parents) add(policy, parents);
    }
    if (policies.has(ANY) && any)
      for (const [policy, parents] of continued)
        if (policy === ANY || !policies.has(policy)) add(policy, parents);
    this.levels.push(level);
    this.prune();
  }

  /** Mappings of an authority's certificate (§6.1.4 b); `allowed`: policy_mapping is above zero. */
  map(mappings: readonly PolicyMapping[], allowed: boolean): void {
    const level = this.levels[this.levels.length - 1]!;
    const subjects = new Map<string, Set<string>>();
    for (const { issuer, subject } of mappings)
      subjects.set(issuer, (subjects.get(issuer) ?? new Set()).add(subject));
    if (!allowed) {
      this.levels[this.levels.length - 1] = level.filter(({ policy }) => !subjects.has(policy));
      this.prune();
      return;
    }
    const byPolicy = new Map(level.map((node) => [node.policy, node]));
    const wildcard = byPolicy.get(ANY);
    for (const [policy, expected] of subjects) {
      const node = byPolicy.get(policy);
      if (node) node.expected = [...expected];
      // The new node hangs where the wildcard hangs: below the wildcard of the level above.
      else if (wildcard) level.push({ policy, expected: [...expected], parents: wildcard.parents });
    }
  }

  /** The policies under which the path is valid, out of `wanted` (null: any; §6.1.5 g). */
  constrainedTo(wanted: ReadonlySet<string> | null): ReadonlySet<string> {
    const last = this.levels[this.levels.length - 1]!;
    if (last.some(({ policy }) => policy === ANY)) return wanted ?? new Set([ANY]);
    // The path's policies in the terms of its beginning: the first named ones below a wildcard.
    const own = this.levels
      .flat()
      .filter(({ policy, parents }) => policy !== ANY && parents.some((it) => it.policy === ANY))
      .map(({ policy }) => policy);
    return new Set(this.isNull ? [] : own.filter((policy) => !wanted || wanted.has(policy)));
  }

  /** Removes what leads nowhere, from the last level up. */
  private prune(): void {
    for (let i = this.levels.length - 1; i > 0; i--) {
      const parents = new Set(this.levels[i]!.flatMap((node) => node.parents));
      this.levels[i - 1] = this.levels[i - 1]!.filter((node) => parents.has(node));
    }
  }
}
