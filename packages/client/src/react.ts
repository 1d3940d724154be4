import { createElement, useCallback, useEffect, useRef, type ReactElement } from 'react';
import {
  defineMandateSigning,
  type MandateSigningEventName,
  type MandateSigningEvents,
} from './widget/mandate-signing.js';

type Handler<K extends MandateSigningEventName> = (detail: MandateSigningEvents[K]) => void;

export interface MandateSigningProps {
  /** From `POST /v1/authorizations/{id}/signing-tickets`, made for this page view. */
  readonly ticket: string;
  /** Address of the service. */
  readonly baseUrl: string;
  readonly mode?: 'inline' | 'modal' | 'redirect';
  readonly language?: 'zh' | 'en';
  readonly theme?: 'auto' | 'light' | 'dark';
  readonly accent?: string;
  readonly radius?: number;
  readonly largePrint?: boolean;
  readonly onReady?: Handler<'ready'>;
  readonly onEvent?: Handler<'event'>;
  readonly onSuccess?: Handler<'success'>;
  readonly onDeclined?: Handler<'declined'>;
  readonly onExit?: Handler<'exit'>;
  readonly onError?: Handler<'error'>;
}

const HANDLERS = {
  ready: 'onReady',
  event: 'onEvent',
  success: 'onSuccess',
  declined: 'onDeclined',
  exit: 'onExit',
  error: 'onError',
} as const;

/** `<mandate-signing>` for React 18 and 19, also rendered on a server. */
export function MandateSigning(props: MandateSigningProps): ReactElement {
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const attached = useRef<{ element: HTMLElement; listener: (event: Event) => void }>(undefined);
  // Runs while React inserts the element, before its first event.
  const attach = useCallback((element: HTMLElement | null): void => {
    for (const name of Object.keys(HANDLERS)) {
      attached.current?.element.removeEventListener(name, attached.current.listener);
    }
    attached.current = undefined;
    if (!element) return;
    const listener = (event: Event): void => {
      // Events of what a host nests inside are not ours.
      if (event.target !== element || !(event instanceof CustomEvent)) return;
      const handler = latest.current[HANDLERS[event.type as MandateSigningEventName]];
      (handler as ((detail: unknown) => void) | undefined)?.(event.detail);
    };
    for (const name of Object.keys(HANDLERS)) element.addEventListener(name, listener);
    attached.current = { element, listener };
    defineMandateSigning();
  }, []);
  return createElement('mandate-signing', {
    ref: attach,
    'base-url': props.baseUrl,
    mode: props.mode,
    language: props.language,
    theme: props.theme,
    accent: props.accent,
    radius: props.radius,
    'large-print': props.largePrint ? '' : undefined,
    ticket: props.ticket,
  });
}
