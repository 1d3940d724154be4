/**
 * The embeddable widget. `defineMandateSigning({ baseUrl })` registers `<mandate-signing>`; importing
 * alone does nothing, on a server neither.
 */
export {
  defineMandateSigning,
  MandateSigningElement,
  type MandateSigningEventName,
  type MandateSigningEvents,
} from './widget/mandate-signing.js';
export type { ThemeTokens } from './widget/messages.js';
