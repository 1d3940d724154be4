import { newId, toUtcSeconds } from '@mandate/core';
import { publishedAnchors } from '@mandate/ceremony';
import type { LifeFacts, Report } from '@mandate/report';
import { verificationTools } from '@mandate/runtime';
import type { DeskParts } from './desk-parts.js';
import { anchorsText } from './reports/anchors-text.js';

/** What a verification of the bundle tells of its life, made in a child and not kept. Throws `budget-exceeded`. */
export async function bundleLife(
  {
    clock,
    random,
    authority,
    drawer,
    publicUrl,
  }: Pick<DeskParts, 'clock' | 'random' | 'authority' | 'drawer' | 'publicUrl'>,
  bundle: Uint8Array,
): Promise<NonNullable<LifeFacts['opened']>> {
  const { json } = await drawer.draw(
    {
      anchors: anchorsText(await publishedAnchors(authority)),
      ...{ at: toUtcSeconds(clock.now()), reportId: newId('report', clock, random) },
      ...{ publicUrl, tools: verificationTools(), languages: [], depth: 'short', xml: false },
    },
    bundle,
  );
  const { timeline, facts } = JSON.parse(Buffer.from(json).toString('utf8')) as Report;
  return { timeline, certificate: facts.certificate };
}
