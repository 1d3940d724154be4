import { loadPageBuild } from './pages/index.js';
import type { WebParts } from './web-parts.js';

const published = new WeakMap<WebParts, Promise<string | null>>();

/**
 * The digest of the page build that is served, once the ledger has it; null when there is no list of its files
 * or the ledger could not be asked just now, which the next call tries again. A scene never names a build that
 * was not published before.
 */
export function publishedPageBuild(parts: WebParts): Promise<string | null> {
  let publishing = published.get(parts);
  if (!publishing) published.set(parts, (publishing = publish(parts)));
  return publishing;
}

async function publish(parts: WebParts): Promise<string | null> {
  const build = loadPageBuild();
  if (!build) return null;
  try {
    await parts.authority.ledger.deploy({ component: 'page', digest: build.digest });
    return build.digest;
  } catch (err) {
    parts.log.warn({ err }, 'the page build could not be published');
    published.delete(parts);
    return null;
  }
}
