/** Version of what host and frame say to each other. */
export const PROTOCOL = 1;

/** A step of the ceremony, as events name it. New ones may appear. */
export type Step = string;

/** What the frame tells the host: nothing that opens anything, nothing about the person. */
export type FrameMessage =
  | { readonly type: 'hello' }
  | { readonly type: 'ready'; readonly step: Step }
  | { readonly type: 'height'; readonly pixels: number }
  | { readonly type: 'event'; readonly name: 'step'; readonly step: Step }
  | { readonly type: 'event'; readonly name: 'full-page' }
  | { readonly type: 'event'; readonly name: 'theme-refused'; readonly token: string }
  | { readonly type: 'success'; readonly authorization: string }
  | { readonly type: 'declined'; readonly authorization: string }
  | { readonly type: 'exit'; readonly reason: 'lapsed' | 'failed' }
  | { readonly type: 'error'; readonly code: string }
  | { readonly type: 'escape' };

/** What the host may choose of the page's looks. None of it reaches the text of the letter. */
export interface ThemeTokens {
  readonly scheme: 'auto' | 'light' | 'dark';
  /** `#rrggbb`; refused by the page where text on it could not be read. */
  readonly accent?: string;
  /** Corners, CSS pixels, 0 to 24. */
  readonly radius?: number;
}

export type HostMessage =
  | { readonly type: 'welcome'; readonly theme: ThemeTokens; readonly largePrint: boolean }
  | { readonly type: 'theme'; readonly theme: ThemeTokens };

type Check = (value: unknown) => boolean;
const word: Check = (value) => typeof value === 'string' && /^[a-z][a-z-]{0,39}$/.test(value);
const authorization: Check = (value) =>
  typeof value === 'string' && /^aut_[0-9a-f-]{36}$/.test(value);
const one =
  (...values: unknown[]): Check =>
  (value) =>
    values.includes(value);
const pixels: Check = (value) => Number.isInteger(value) && Number(value) > 0;

/** The members of each message; for `event`, by name. */
const SHAPES: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  hello: {},
  ready: { step: word },
  height: { pixels },
  'event step': { name: one('step'), step: word },
  'event full-page': { name: one('full-page') },
  'event theme-refused': { name: one('theme-refused'), token: one('accent', 'radius', 'scheme') },
  success: { authorization },
  declined: { authorization },
  exit: { reason: one('lapsed', 'failed') },
  error: { code: word },
  escape: {},
};

/**
 * Reads messages of one frame about one ticket. Whatever is of another version, ticket or shape, or
 * not newer than the last one, is nothing; who sent it from where is checked before.
 */
export function frameMessageReader(ticket: string): (data: unknown) => FrameMessage | undefined {
  let last = 0;
  return (data) => {
    if (typeof data !== 'object' || data === null) return undefined;
    const { mandate, ticket: named, seq, type, ...rest } = data as Record<string, unknown>;
    if (mandate !== PROTOCOL || named !== ticket || typeof type !== 'string') return undefined;
    const name = type === 'event' ? `event ${String(rest['name'])}` : type;
    const shape = Object.hasOwn(SHAPES, name) ? SHAPES[name] : undefined;
    if (!shape || Object.keys(rest).length !== Object.keys(shape).length) return undefined;
    if (!Object.entries(shape).every(([key, check]) => check(rest[key]))) return undefined;
    if (!Number.isSafeInteger(seq) || Number(seq) <= last) return undefined;
    last = Number(seq);
    return { type, ...rest } as FrameMessage;
  };
}
