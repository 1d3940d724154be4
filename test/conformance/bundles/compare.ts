import type { ReaderJwk } from '@mandate/core';
import { verifyFile, type TrustAnchors, type Verification } from '@mandate/verify';
import type { BundleCase } from './bundle-case.js';
import type { PythonVerifier, SecondOpinion } from './python-verifier.js';
import { rulesOf } from './rules-of-findings.js';

/** What two verifiers said of one bundle. */
export interface Comparison {
  readonly name: string;
  readonly ours: Verification;
  readonly second: SecondOpinion;
  /** What must not be: a crash, another verdict than the case's, an objection to something else. */
  readonly faults: readonly string[];
  /** Both refuse, and one of them for something more: told, no fault. */
  readonly differences: readonly string[];
}

export async function compare(
  { name, make, verdict, rule, anchors, at, reader }: BundleCase,
  python: PythonVerifier,
  usual: { readonly anchors: TrustAnchors; readonly at: Date },
): Promise<Comparison> {
  const bundle = await make().catch((cause: unknown) => {
    throw new Error(`${name} cannot be made`, { cause });
  });
  const told = await ask(bundle, python, anchors ?? usual.anchors, at ?? usual.at, reader);
  const { ours, second, objections } = told;
  const faults = [...told.faults];
  if (ours.verdict.indication !== verdict) faults.push(`ours says ${ours.verdict.indication}`);
  if (second.verdict !== verdict) faults.push(`the second says ${second.verdict}`);
  const due = rule?.split(' ') ?? [];
  if (due.length > 0 && !due.some((it) => it in second.rules))
    faults.push(`the second does not object to ${rule}`);
  if (due.length > 0 && !objections.some(({ rules }) => due.some((it) => rules.includes(it))))
    faults.push(`ours does not object to ${rule}`);
  return { ...told, name, faults };
}

/** Both on the same bytes; `faults` where they crash or conclude differently. */
export async function ask(
  bundle: Uint8Array,
  python: PythonVerifier,
  anchors: TrustAnchors,
  at: Date,
  reader?: ReaderJwk,
) {
  const ours = verifyFile(bundle, { anchors, at, ...(reader && { readerKey: reader }) });
  const second = await python.judge(bundle, anchors, at, reader);
  const objections = ours.findings
    .filter(({ status }) => status === 'failed' || status === 'indeterminate')
    .map(({ id }) => ({ id, rules: rulesOf(id) }));
  const faults: string[] = [];
  if (second.crash) faults.push(`the second broke: ${second.crash}`);
  if (ours.findings.some(({ id, status }) => id === 'processed' && status === 'failed'))
    faults.push('ours broke');
  if (second.verdict !== ours.verdict.indication)
    faults.push(`${ours.verdict.indication} against ${second.verdict}`);
  const said = objections.flatMap(({ rules }) => rules);
  const differences = [
    ...objections
      .filter(({ rules }) => !rules.some((each) => each in second.rules))
      .map(({ id, rules }) => `only ours: ${id} (${rules.join(' ')})`),
    ...Object.entries(second.rules)
      .filter(([each]) => !said.includes(each))
      .map(([each, why]) => `only the second: ${each} ${why}`),
  ];
  return { ours, second, objections, faults, differences };
}
