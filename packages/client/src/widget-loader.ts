import { defineMandateSigning } from './widget/mandate-signing.js';

// What the script tag runs: the service is where the script came from.
const script = document.currentScript;
defineMandateSigning(
  script instanceof HTMLScriptElement ? { baseUrl: new URL(script.src).origin } : {},
);
