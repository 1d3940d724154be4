import { html, type TemplateResult } from 'lit';

/** An institution's picture; pixels, and the digest that is its address. */
export interface Logo {
  readonly digest: string;
  readonly width: number;
  readonly height: number;
}

/** `seen` is told once it stands on the page: a picture that did not come was not shown. */
export const logoImage = (
  { digest, width, height }: Logo,
  name: string,
  seen?: (digest: string) => void,
): TemplateResult =>
  html`<img
    class="logo"
    src="/logos/${digest}.png"
    width=${width}
    height=${height}
    alt=${name}
    @load=${() => seen?.(digest)}
  />`;
