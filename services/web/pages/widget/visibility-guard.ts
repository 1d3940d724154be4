import { widgetWords } from '../../src/pages/words/widget-words.js';
import { browserLanguage, chosenLanguage } from '@mandate/pages/browser/preferences';

/** What an act of the subject may be: not the bar's settings, not a way out. */
const GUARDED =
  '[data-step] :is(button[type=submit], .button:not(.secondary, .quiet), input[type=checkbox], input[type=radio]), [data-guard]';
const FIELDS = '[data-step] input';
/** How long it must have been seen without a break: a cover taken away at the last moment was one. */
const SEEN_MILLISECONDS = 400;
/** Every tap is held this long: browsers report a cover up to 100 ms after it appeared. */
const HOLD_MILLISECONDS = 160;
/** A new button that has not been seen by then is covered. */
const PATIENCE_MILLISECONDS = 1_200;

/** `since`: in sight without a break; undefined while it is not. Nothing: too new to tell. */
type Sight = { readonly since: number | undefined } | undefined;

/**
 * Against a host that lays something over the frame, or makes it see-through or tiny, so that the
 * subject taps what they do not see. Where the browser can tell (Intersection Observer v2: Chromium),
 * a tap counts only on what was in sight before and after it; elsewhere nothing is claimed and nothing
 * refused.
 */
export function guardActions(): void {
  if (!('isVisible' in (globalThis.IntersectionObserverEntry?.prototype ?? {}))) return;
  const sightOf = watchSight();
  const passing = new WeakSet<Element>();
  const held = new WeakSet<Element>();
  // Before anybody else: Enter in a field arrives here too, as a click on the form's button.
  addEventListener(
    'click',
    (event) => {
      const target = (event.target as Element).closest?.<HTMLElement>(GUARDED);
      if (!target || passing.delete(target)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (held.has(target)) return;
      held.add(target);
      // Whoever types sees the field; its button may be below the keyboard.
      const byKeyboard = event.detail === 0 && document.activeElement?.matches(FIELDS);
      void passOn(target, () => sightOf(byKeyboard ? document.activeElement! : target));
    },
    { capture: true },
  );

  async function passOn(target: HTMLElement, sight: () => Sight): Promise<void> {
    const seen = await stayedInSight(sight);
    held.delete(target);
    if (!seen) return refuse(target);
    document.querySelector('[data-covered]')?.remove();
    passing.add(target);
    target.click();
  }
}

async function stayedInSight(sight: () => Sight): Promise<boolean> {
  const began = performance.now();
  for (;;) {
    const { since } = sight() ?? { since: Infinity };
    if (since === undefined) return false;
    const now = performance.now();
    if (now - began >= HOLD_MILLISECONDS && now - since >= SEEN_MILLISECONDS) return true;
    if (now - began >= PATIENCE_MILLISECONDS) return false;
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

interface VisibilityEntry extends IntersectionObserverEntry {
  readonly isVisible: boolean;
}

/** Since when each act and field has been in sight; nothing before the first report. */
function watchSight(): (element: Element) => Sight {
  const sights = new WeakMap<Element, NonNullable<Sight>>();
  const born = new WeakMap<Element, number>();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isVisible, isIntersecting } of entries as VisibilityEntry[]) {
        const now = performance.now();
        const known = sights.get(target);
        if (isIntersecting && isVisible) sights.set(target, { since: known?.since ?? now });
        // Pages that are still being laid out report everything as unseen.
        else if (known || now - born.get(target)! > PATIENCE_MILLISECONDS)
          sights.set(target, { since: undefined });
      }
    },
    { threshold: [0, 0.5, 1], trackVisibility: true, delay: 100 } as IntersectionObserverInit,
  );
  const watched = new WeakSet<Element>();
  const watchNew = (): void => {
    for (const element of document.querySelectorAll(`${GUARDED}, ${FIELDS}`)) {
      if (watched.has(element)) continue;
      watched.add(element);
      born.set(element, performance.now());
      observer.observe(element);
    }
  };
  const changes = { childList: true, subtree: true, attributes: true, attributeFilter: ['class'] };
  new MutationObserver(watchNew).observe(document.documentElement, changes);
  watchNew();
  return (element) => sights.get(element);
}

/** Says so beside what was tapped: the top of a long frame may be far away. */
function refuse(target: Element): void {
  const ours = coveredByUs(target);
  target.scrollIntoView({ block: 'center' });
  // Half under our own strip at the bottom: in the middle of the window the next tap counts.
  if (ours) return;
  const notice = document.querySelector('[data-covered]') ?? document.createElement('p');
  const { covered } = widgetWords(chosenLanguage() ?? browserLanguage());
  notice.setAttribute('role', 'alert');
  notice.setAttribute('data-covered', '');
  notice.className = 'callout bad';
  notice.textContent = covered;
  (target.closest('label, fieldset, .clause') ?? target).before(notice);
}

function coveredByUs(target: Element): boolean {
  const { left, right, top, bottom } = target.getBoundingClientRect();
  return [top + 1, (top + bottom) / 2, bottom - 1].some((y) => {
    const there = document.elementFromPoint((left + right) / 2, y);
    return there === null || !(target.contains(there) || there.contains(target));
  });
}
