import type { Reading } from './reading.js';

/**
 * Adds to the reading how long each `[data-clause]` below `root` was in sight: at least half of it,
 * or as much as the window holds. Returns the end of it, which counts what is still open.
 */
export function watchClauses(root: ParentNode, reading: Reading): () => void {
  const since = new Map<Element, number>();
  const close = (element: Element): void => {
    const from = since.get(element);
    since.delete(element);
    const clause = element.getAttribute('data-clause');
    if (from !== undefined && clause) reading.wasVisible(clause, performance.now() - from);
  };
  const inSight = new Set<Element>();
  const open = (element: Element): void => {
    if (document.visibilityState === 'visible' && !since.has(element))
      since.set(element, performance.now());
  };
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, intersectionRatio, intersectionRect } of entries) {
        const enough = intersectionRatio >= 0.5 || intersectionRect.height >= innerHeight / 2;
        if (enough) {
          inSight.add(target);
          open(target);
        } else {
          inSight.delete(target);
          close(target);
        }
      }
    },
    { threshold: [0, 0.25, 0.5, 0.75] },
  );
  for (const element of root.querySelectorAll('[data-clause]')) observer.observe(element);
  const follow = (): void => {
    for (const element of inSight) {
      if (document.visibilityState === 'visible') open(element);
      else close(element);
    }
    reading.keep();
  };
  const count = (): void => {
    for (const element of [...since.keys()]) close(element);
    reading.keep();
  };
  document.addEventListener('visibilitychange', follow);
  addEventListener('pagehide', count);
  return () => {
    document.removeEventListener('visibilitychange', follow);
    removeEventListener('pagehide', count);
    observer.disconnect();
    count();
  };
}
