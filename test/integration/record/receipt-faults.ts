import { publishedAnchors } from '@mandate/ceremony';
import { utf8 } from '@mandate/core';
import { verifyFile } from '@mandate/verify';
import type { startCeremony } from './started-ceremony.js';

/** Every receipt role seal signed so far, with its timestamp where it has one, verified as an outsider would. */
export async function receiptFaults(
  ceremony: Awaited<ReturnType<typeof startCeremony>>,
): Promise<{ readonly kinds: readonly string[]; readonly faults: readonly string[] }> {
  const { rows } = await ceremony.owner.query('SELECT fact_id, jws, token FROM receipts');
  const anchors = await publishedAnchors(ceremony.authority);
  const kinds = new Set<string>();
  const faults: string[] = [];
  for (const { fact_id: factId, jws, token } of rows) {
    const beside = token ? [new Uint8Array(token)] : [];
    const result = verifyFile(utf8(jws), { anchors, at: ceremony.clock.now(), beside });
    kinds.add(String(result.facts.receipt?.kind));
    for (const { id, status, params } of result.findings)
      if (status !== 'passed' && status !== 'not-checked')
        faults.push(`${factId} ${id} ${JSON.stringify(params)}`);
  }
  return { kinds: [...kinds].sort(), faults };
}
