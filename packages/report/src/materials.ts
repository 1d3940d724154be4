import { sha256Hex } from '@mandate/core';
import type { TrustAnchors, Verification } from '@mandate/verify';
import type { Material } from './report.js';

/** The file, what was found in it, and the anchors it was held against. */
export function materialsOf(
  { input, facts }: Verification,
  anchors: TrustAnchors | undefined,
): Material[] {
  const { letter } = facts;
  const given = (id: Material['id'], list: readonly Uint8Array[] = []): Material[] =>
    list.map((der) => ({ id, digest: sha256Hex(der) }));
  return [
    {
      id: input.kind === 'bundle' ? 'bundle' : 'file',
      digest: input.digest,
      size: input.size,
    },
    ...(letter
      ? ([
          { id: 'signed-letter', digest: letter.signedDigest, size: letter.signedSize },
          { id: 'letter', digest: letter.digest, size: letter.size },
        ] as const)
      : []),
    ...given('anchor-scene', anchors?.scene),
    ...given('anchor-seal', anchors?.seal),
    ...given('anchor-timestamp', anchors?.timestamp),
    ...(anchors?.ledger ?? []).map((key): Material => ({ id: 'anchor-ledger', digest: key })),
  ];
}
