import {
  frameMessageReader,
  PROTOCOL,
  type FrameMessage,
  type HostMessage,
  type ThemeTokens,
} from './messages.js';

/** Longer than a slow phone needs to load the page. */
const PATIENCE_MILLISECONDS = 20_000;

/** Needs of the page: its own storage and script, the copy's download, a full page on the subject's tap. */
const SANDBOX =
  'allow-scripts allow-same-origin allow-forms allow-downloads allow-modals allow-popups ' +
  'allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation';

export interface FrameOptions {
  /** `link id`, and its secret unless the page has taken it already. */
  readonly ticket: { readonly id: string; readonly secret: string | undefined };
  /** Exact origin of the service. */
  readonly origin: string;
  readonly language: string;
  readonly title: string;
  looks(): { readonly theme: ThemeTokens; readonly largePrint: boolean };
  receive(message: FrameMessage): void;
  /** Nothing came from the frame: refused to be framed here, blocked, or not there. */
  unreachable(): void;
}

/** The page's address for this ticket; the secret stands in the fragment alone. */
export const pageAddress = ({
  origin,
  ticket,
  language,
}: Pick<FrameOptions, 'origin' | 'ticket' | 'language'>): string =>
  `${origin}/w/${ticket.id}?language=${language}` +
  (ticket.secret === undefined ? '' : `#${ticket.secret}`);

/** One frame and its conversation: only this window, only this origin, only this ticket. */
export class SigningFrame {
  readonly element: HTMLIFrameElement;
  readonly #options: FrameOptions;
  readonly #read: (data: unknown) => FrameMessage | undefined;
  readonly #timer: ReturnType<typeof setTimeout>;
  #seq = 0;
  #welcomed = false;

  constructor(options: FrameOptions) {
    this.#options = options;
    this.#read = frameMessageReader(options.ticket.id);
    const frame = document.createElement('iframe');
    frame.title = options.title;
    frame.setAttribute('sandbox', SANDBOX);
    frame.allow = ['publickey-credentials-get', 'publickey-credentials-create', 'clipboard-write']
      .map((feature) => `${feature} ${options.origin}`)
      .join('; ');
    frame.referrerPolicy = 'no-referrer';
    frame.src = pageAddress(options);
    this.element = frame;
    addEventListener('message', this.#listen);
    this.#timer = setTimeout(() => options.unreachable(), PATIENCE_MILLISECONDS);
  }

  /** Tells the page of looks that changed. */
  restyle(): void {
    if (this.#welcomed) this.#send({ type: 'theme', theme: this.#options.looks().theme });
  }

  close(): void {
    removeEventListener('message', this.#listen);
    clearTimeout(this.#timer);
    this.element.remove();
  }

  readonly #listen = (event: MessageEvent): void => {
    if (event.source === null || event.source !== this.element.contentWindow) return;
    if (event.origin !== this.#options.origin) return;
    const message = this.#read(event.data);
    if (!message) return;
    if (message.type === 'hello') {
      clearTimeout(this.#timer);
      this.#welcomed = true;
      this.#send({ type: 'welcome', ...this.#options.looks() });
    } else this.#options.receive(message);
  };

  #send(message: HostMessage): void {
    const { ticket, origin } = this.#options;
    const numbered = { mandate: PROTOCOL, ticket: ticket.id, seq: ++this.#seq, ...message };
    this.element.contentWindow?.postMessage(numbered, origin);
  }
}
