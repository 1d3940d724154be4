import type { Authority, PublicAnchors } from '@mandate/core';

/** What everybody may check the operator's evidence with: the trust folder, and the keys receipts are signed with now. */
export async function publishedAnchors(authority: {
  readonly ca: Pick<Authority['ca'], 'anchors'>;
  readonly seal: Pick<Authority['seal'], 'receiptKeys'>;
}): Promise<PublicAnchors> {
  const [anchors, { keys }] = await Promise.all([
    authority.ca.anchors({}),
    authority.seal.receiptKeys({}),
  ]);
  const kept = (anchors.receipt ?? []).filter(({ kid }) => !keys.some((key) => key.kid === kid));
  return { ...anchors, receipt: [...keys, ...kept] };
}
