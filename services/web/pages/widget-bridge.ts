import type { Ceremony } from './ceremony.js';
import { applyPrint } from '@mandate/pages/browser/preferences';
import { Problem } from '@mandate/pages/browser/problem';
import { checkAncestors, FRAMED, ORIGINS, TICKET } from './widget/frame-place.js';
import { applyTheme, readTheme, type ThemeTokens } from './widget/theme.js';
import { guardActions } from './widget/visibility-guard.js';

/** Version of what host and frame say to each other; the host's side is in the client package. */
const PROTOCOL = 1;
/** The host's script is there before the frame is; this is for slow phones. */
const WELCOME_MILLISECONDS = 10_000;

/** What the host may hear: nothing that opens anything, nothing about the person. */
type Said =
  | { type: 'hello' | 'escape' }
  | { type: 'ready'; step: string }
  | { type: 'height'; pixels: number }
  | { type: 'event'; name: 'step'; step: string }
  | { type: 'event'; name: 'full-page' }
  | { type: 'event'; name: 'theme-refused'; token: string }
  | { type: 'success' | 'declined'; authorization: string }
  | { type: 'exit'; reason: 'lapsed' | 'failed' }
  | { type: 'error'; code: string };

/** Higher than before a reload of the frame, so that an old message never passes for a new one. */
let seq = FRAMED ? Date.now() : 0;
let lastHeard = 0;
/** Whose page this is, once it has answered. */
let host: string | undefined;
let theme: ThemeTokens | undefined;

function say(message: Said, to = host): void {
  if (to === undefined) return;
  window.parent.postMessage({ mandate: PROTOCOL, ticket: TICKET, seq: ++seq, ...message }, to);
}

/** Only our host, only about our ticket, only newer than what was heard, only what we know. */
function hear(event: MessageEvent): 'welcome' | 'theme' | undefined {
  if (event.source !== window.parent || !ORIGINS.includes(event.origin)) return undefined;
  if (host !== undefined && event.origin !== host) return undefined;
  if (typeof event.data !== 'object' || event.data === null) return undefined;
  const { mandate, ticket, seq: number, type, theme: tokens, ...rest } = event.data;
  if (mandate !== PROTOCOL || ticket !== TICKET) return undefined;
  if (!Number.isSafeInteger(number) || number <= lastHeard) return undefined;
  const { largePrint, ...more } = rest;
  const right =
    type === 'welcome'
      ? typeof largePrint === 'boolean'
      : type === 'theme' && largePrint === undefined;
  const read = readTheme(tokens);
  if (!right || !read || Object.keys(more).length > 0) return undefined;
  if ((type === 'welcome') !== (host === undefined)) return undefined;
  lastHeard = number;
  host = event.origin;
  theme = read;
  if (largePrint === true) applyPrint(true);
  restyle();
  return type;
}

function restyle(): void {
  if (!theme) return;
  for (const token of applyTheme(theme)) say({ type: 'event', name: 'theme-refused', token });
}

let admission: Promise<void> | undefined;

/**
 * In a frame: waits until an allowed host has answered, before the ticket is opened. Elsewhere: at
 * once. Throws `frame-refused`.
 */
export function admitted(): Promise<void> {
  if (!FRAMED) return Promise.resolve();
  return (admission ??= meetHost());
}

async function meetHost(): Promise<void> {
  checkAncestors();
  document.documentElement.classList.add('framed');
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Problem('frame-refused')), WELCOME_MILLISECONDS);
    addEventListener('message', (event) => {
      if (hear(event) !== 'welcome') return;
      clearTimeout(timer);
      resolve();
    });
    // Whose page it is we do not know yet: only an allowed one can read this.
    for (const origin of ORIGINS) say({ type: 'hello' }, origin);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener?.('change', restyle);
  guardActions();
  reportHeight();
  addEventListener('keydown', (event) => {
    const asking = document.querySelector('dialog[open]') !== null;
    if (event.key === 'Escape' && !event.defaultPrevented && !asking) say({ type: 'escape' });
  });
}

/** The host's element follows the content, where it stands in the host's page. */
function reportHeight(): void {
  const page = document.body;
  if (typeof ResizeObserver === 'undefined') return;
  let told = 0;
  new ResizeObserver(() => {
    const pixels = Math.ceil(page.getBoundingClientRect().height);
    if (pixels === told || pixels === 0) return;
    told = pixels;
    say({ type: 'height', pixels });
  }).observe(page);
}

/** Tells the host of each step and of the end, which it hears once. */
export function followCeremony(ceremony: Ceremony): void {
  if (!FRAMED) return;
  let step: string | undefined;
  let ended = false;
  ceremony.subscribe(() => {
    const { view, problem, over } = ceremony;
    if (ended) return;
    if (over && problem) {
      // Where a full page helps, this is not the end.
      ended = !FULL_PAGE.includes(problem.code);
      if (ended) say({ type: 'error', code: problem.code });
      return;
    }
    if (!view || view.step === step) return;
    say(
      step === undefined
        ? { type: 'ready', step: view.step }
        : { type: 'event', name: 'step', step: view.step },
    );
    step = view.step;
    ended = tellOutcome(outcomeOf(view), view.authorization);
  });
}

/** What a full page mends. */
export const FULL_PAGE: readonly string[] = ['cookie-refused', 'full-page-only'];

type Outcome = 'running' | 'success' | 'declined' | 'lapsed' | 'failed';

const outcomeOf = ({ step, end }: { step: string; end?: string }): Outcome => {
  if (step === 'done') return 'success';
  if (step !== 'ended') return 'running';
  return end === 'declined' || end === 'lapsed' ? end : 'failed';
};

/** True when that was the end. */
export function tellOutcome(outcome: Outcome, authorization: string): boolean {
  if (outcome === 'running') return false;
  if (outcome === 'success' || outcome === 'declined') say({ type: outcome, authorization });
  else say({ type: 'exit', reason: outcome });
  return true;
}

export const tellFullPage = (): void => say({ type: 'event', name: 'full-page' });
