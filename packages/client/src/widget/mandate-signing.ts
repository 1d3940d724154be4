import type { FrameMessage, ThemeTokens } from './messages.js';
import { createModal, type Modal } from './modal.js';
import { pageAddress, SigningFrame } from './signing-frame.js';
import { applyStyle } from './style.js';
import { widgetLanguage, widgetWords } from './words.js';

/**
 * Details of the element's events. `success` means only that the page said so in this browser; what is
 * true comes by webhook or API.
 */
export interface MandateSigningEvents {
  readonly ready: { readonly step: string };
  readonly event:
    | { readonly name: 'step'; readonly step: string }
    | { readonly name: 'full-page' }
    | { readonly name: 'redirect' }
    | { readonly name: 'theme-refused'; readonly token: string };
  readonly success: { readonly authorization: string };
  readonly declined: { readonly authorization: string };
  readonly exit: { readonly reason: 'closed' | 'lapsed' | 'failed' };
  readonly error: { readonly code: string };
}
export type MandateSigningEventName = keyof MandateSigningEvents;

type Callback<K extends MandateSigningEventName> =
  ((event: CustomEvent<MandateSigningEvents[K]>) => void) | null;

const TICKET = /^(lnk_[0-9a-f-]{36})\.([A-Za-z0-9_-]{43})$/;
const LOOKS = ['theme', 'accent', 'radius'];

/** On a server there is no HTMLElement; the module must load there all the same. */
const Base = globalThis.HTMLElement ?? (Object as unknown as typeof HTMLElement);

let defaultBaseUrl: string | undefined;

/**
 * `<mandate-signing ticket mode language theme accent radius large-print base-url>`: the signing page
 * in a frame (`inline`, `modal`) or in place of the host's page (`redirect`). Begins as soon as it has
 * a ticket and stands in a document. The shadow root is closed and nothing in it can be styled.
 */
export class MandateSigningElement extends Base {
  static readonly observedAttributes = ['ticket', ...LOOKS];

  onReady: Callback<'ready'> = null;
  onEvent: Callback<'event'> = null;
  onSuccess: Callback<'success'> = null;
  onDeclined: Callback<'declined'> = null;
  onExit: Callback<'exit'> = null;
  onError: Callback<'error'> = null;

  #root: ShadowRoot | undefined;
  #ticket: { id: string; secret: string | undefined } | undefined;
  #frame: SigningFrame | undefined;
  #modal: Modal | undefined;
  #begun = false;
  /** Success, refusal, end or a fault was told; nothing more can happen under this ticket. */
  #settled = false;

  connectedCallback(): void {
    this.#later();
  }

  disconnectedCallback(): void {
    this.#close();
  }

  attributeChangedCallback(name: string, _before: string | null, value: string | null): void {
    if (name !== 'ticket') return this.#frame?.restyle();
    if (value === null) return;
    const [, id, secret] = TICKET.exec(value) ?? [];
    this.#close();
    this.#settled = false;
    this.#ticket = id === undefined ? { id: '', secret: undefined } : { id, secret };
    // Session recorders and error reporters copy attributes.
    this.removeAttribute('ticket');
    this.#later();
  }

  /** Closes without asking; `exit` follows unless the ceremony had ended. */
  close(): void {
    if (!this.#begun) return;
    const settled = this.#settled;
    this.#close();
    this.#settled = true;
    if (!settled) this.#emit('exit', { reason: 'closed' });
  }

  /** After the caller's own lines: listeners and the other attributes are set by then. */
  #later(): void {
    queueMicrotask(() => {
      if (this.isConnected && this.#ticket && !this.#begun && !this.#settled) this.#begin();
    });
  }

  #begin(): void {
    const ticket = this.#ticket!;
    const origin = secureOrigin(this.getAttribute('base-url') ?? defaultBaseUrl);
    if (ticket.id === '') return this.#fail('ticket-invalid');
    if (origin === undefined) return this.#fail('base-url-invalid');
    const language = widgetLanguage(this.getAttribute('language'));
    const mode = this.getAttribute('mode') ?? 'inline';
    this.#begun = true;
    if (mode === 'redirect') {
      this.#emit('event', { name: 'redirect' });
      location.assign(pageAddress({ origin, ticket, language }));
      return;
    }
    const words = widgetWords(language);
    const frame = new SigningFrame({
      ticket,
      origin,
      language,
      title: words.title,
      looks: () => ({ theme: this.#theme(), largePrint: this.hasAttribute('large-print') }),
      receive: (message) => this.#receive(message),
      unreachable: () => this.#fail('frame-unreachable'),
    });
    this.#frame = frame;
    const root = this.#shadow();
    if (mode === 'modal') {
      this.#modal = createModal(words, frame.element, {
        mayLeave: () => this.#settled,
        leave: () => this.close(),
      });
      root.append(this.#modal.element);
      this.#modal.open();
    } else {
      const box = document.createElement('div');
      box.className = 'inline';
      box.append(frame.element);
      root.append(box);
    }
  }

  #shadow(): ShadowRoot {
    if (!this.#root) {
      this.#root = this.attachShadow({ mode: 'closed' });
      applyStyle(this.#root);
    }
    return this.#root;
  }

  #receive(message: FrameMessage): void {
    switch (message.type) {
      case 'ready':
        // The page has taken the secret: nobody needs it any more.
        this.#ticket!.secret = undefined;
        return this.#emit('ready', { step: message.step });
      case 'height':
        if (!this.#modal)
          this.#frame!.element.style.height = `${Math.min(Math.max(message.pixels, 240), 30_000)}px`;
        return;
      case 'event': {
        const { type: _type, ...detail } = message;
        if (message.name === 'step') this.#showTop();
        return this.#emit('event', detail);
      }
      case 'escape':
        return this.#modal?.ask();
      case 'success':
      case 'declined':
        return this.#settle(message.type, { authorization: message.authorization });
      case 'exit':
        return this.#settle('exit', { reason: message.reason });
      case 'error':
        return this.#fail(message.code);
      case 'hello':
    }
  }

  /** A new step begins at its heading, also where the host's page is what scrolls. */
  #showTop(): void {
    if (!this.#modal && this.getBoundingClientRect().top < 0) this.scrollIntoView();
  }

  #fail(code: string): void {
    this.#settle('error', { code });
  }

  /** Only the first end counts. */
  #settle<K extends MandateSigningEventName>(name: K, detail: MandateSigningEvents[K]): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#emit(name, detail);
  }

  #emit<K extends MandateSigningEventName>(name: K, detail: MandateSigningEvents[K]): void {
    const event = new CustomEvent(name, { detail, bubbles: true, composed: true });
    const callback = this[
      `on${name[0]!.toUpperCase()}${name.slice(1)}` as 'onReady'
    ] as Callback<MandateSigningEventName>;
    if (typeof callback === 'function') callback.call(this, event as never);
    this.dispatchEvent(event);
  }

  #theme(): ThemeTokens {
    const scheme = this.getAttribute('theme');
    const accent = this.getAttribute('accent');
    const radius = this.getAttribute('radius');
    return {
      scheme: scheme === 'light' || scheme === 'dark' ? scheme : 'auto',
      ...(accent === null ? {} : { accent }),
      ...(radius === null ? {} : { radius: Number(radius) }),
    };
  }

  #close(): void {
    this.#modal?.close();
    this.#frame?.close();
    this.#modal = this.#frame = undefined;
    this.#begun = false;
    this.#root?.querySelector('.inline')?.remove();
  }
}

/** Https, or localhost for trials: elsewhere nothing can be signed. */
function secureOrigin(text: string | undefined): string | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const { protocol, hostname, origin } = new URL(text);
  const local = protocol === 'http:' && ['localhost', '127.0.0.1'].includes(hostname);
  return protocol === 'https:' || local ? origin : undefined;
}

/** Registers the element, once. `baseUrl`: the service, for elements that do not name one themselves. */
export function defineMandateSigning({ baseUrl }: { baseUrl?: string } = {}): void {
  if (baseUrl !== undefined) defaultBaseUrl = baseUrl;
  if (!globalThis.customElements || customElements.get('mandate-signing')) return;
  customElements.define('mandate-signing', MandateSigningElement);
}
