import { browserLanguage, chosenLanguage } from '../preferences.js';
import { widgetWords } from '../../src/pages/words/widget-words.js';

/** What an act of the subject may be: not the bar's settings, not a way out. */
const GUARDED =
  '[data-step] :is(button[type=submit], .button:not(.secondary, .quiet), input), [data-guard]';
/** How long it must have been seen: a cover taken away at the last moment was a cover. */
const SEEN_MILLISECONDS = 500;

interface Seen {
  readonly since: number | undefined;
}

/**
 * Against a host that lays something over the frame, or makes it see-through or tiny, so that the
 * subject taps what they do not see. Where the browser can tell (Intersection Observer v2: Chromium),
 * a tap counts only on what was visible; elsewhere nothing is claimed and nothing refused.
 */
export function guardActions(): void {
  if (!('isVisible' in (globalThis.IntersectionObserverEntry?.prototype ?? {}))) return;
  const seen = new WeakMap<Element, Seen>();
  const watch = new IntersectionObserver(
    (entries) => {
      for (const { target, isVisible, isIntersecting } of entries as VisibilityEntry[]) {
        const before = seen.get(target)?.since;
        const visible = isIntersecting && isVisible;
        seen.set(target, { since: visible ? (before ?? performance.now()) : undefined });
      }
    },
    { threshold: [0, 0.5, 1], trackVisibility: true, delay: 100 } as IntersectionObserverInit,
  );
  const watched = new WeakSet<Element>();
  const watchNew = (): void => {
    for (const element of document.querySelectorAll(GUARDED)) {
      if (watched.has(element)) continue;
      watched.add(element);
      watch.observe(element);
    }
  };
  new MutationObserver(watchNew).observe(document.documentElement, {
    childList: true,
    subtree: true,
  });
  watchNew();

  const wasSeen = (element: Element | null): boolean => {
    const since = element && seen.get(element)?.since;
    return typeof since === 'number' && performance.now() - since >= SEEN_MILLISECONDS;
  };
  // Before anybody else: Enter in a field arrives here too, as a click on the form's button.
  addEventListener(
    'click',
    (event) => {
      const target = (event.target as Element).closest?.(GUARDED);
      if (!target || wasSeen(target)) return;
      const byKeyboard = event.detail === 0;
      if (byKeyboard && wasSeen(document.activeElement)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      refuse(target);
    },
    { capture: true },
  );
}

interface VisibilityEntry extends IntersectionObserverEntry {
  readonly isVisible: boolean;
}

/** Says so beside what was tapped: the top of a long frame may be far away. */
function refuse(target: Element): void {
  const notice = document.querySelector('[data-covered]') ?? document.createElement('p');
  const { covered } = widgetWords(chosenLanguage() ?? browserLanguage());
  notice.setAttribute('role', 'alert');
  notice.setAttribute('data-covered', '');
  notice.className = 'callout notice bad';
  notice.textContent = covered;
  (target.closest('label, fieldset, .clause') ?? target).before(notice);
}
