import type { Logo } from '@mandate/ceremony';
import type { WebParts } from './web-parts.js';

/** The picture beside an institution's name, where one is set: a member to spread into a view. */
export async function logoView(
  parts: WebParts,
  institutionId: string,
): Promise<{ logo?: { -readonly [K in keyof Logo]: Logo[K] } }> {
  const logo = await parts.record.logoOf(institutionId);
  return logo ? { logo: { ...logo } } : {};
}
