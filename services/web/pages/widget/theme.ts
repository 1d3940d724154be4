/** What a host may choose of our looks: a closed list, none of it text. */
export interface ThemeTokens {
  readonly scheme: 'auto' | 'light' | 'dark';
  readonly accent?: string;
  readonly radius?: number;
}

/** Reads tokens of a message; undefined when there is anything else in it. */
export function readTheme(value: unknown): ThemeTokens | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { scheme, accent, radius, ...rest } = value as Record<string, unknown>;
  if (Object.keys(rest).length > 0) return undefined;
  if (scheme !== 'auto' && scheme !== 'light' && scheme !== 'dark') return undefined;
  if (accent !== undefined && (typeof accent !== 'string' || accent.length > 40)) return undefined;
  if (radius !== undefined && typeof radius !== 'number') return undefined;
  return {
    scheme,
    ...(accent === undefined ? {} : { accent }),
    ...(radius === undefined ? {} : { radius }),
  };
}

/** WCAG AA for text (SC 1.4.3). */
const ENOUGH = 4.5;
const TEXT_ON_ACCENT = ['#ffffff', '#0c1c2e'];

/** Applies what may be applied; returns the tokens that may not. */
export function applyTheme({ scheme, accent, radius }: ThemeTokens): ('accent' | 'radius')[] {
  const root = document.documentElement;
  const refused: ('accent' | 'radius')[] = [];
  if (scheme === 'auto') delete root.dataset['scheme'];
  else root.dataset['scheme'] = scheme;

  for (const name of ['--accent', '--accent-strong', '--on-accent', '--radius'])
    root.style.removeProperty(name);
  if (radius !== undefined) {
    if (Number.isInteger(radius) && radius >= 0 && radius <= 24)
      root.style.setProperty('--radius', `${radius}px`);
    else refused.push('radius');
  }
  if (accent !== undefined) {
    const looks = getComputedStyle(root);
    const grounds = ['--surface', '--ground'].map((name) => looks.getPropertyValue(name).trim());
    const onAccent = TEXT_ON_ACCENT.find((text) => contrast(text, accent) >= ENOUGH);
    // It colours links and headings as well, so it must be readable on every ground of ours.
    if (onAccent && grounds.every((ground) => contrast(accent, ground) >= ENOUGH)) {
      root.style.setProperty('--accent', accent);
      root.style.setProperty('--accent-strong', accent);
      root.style.setProperty('--on-accent', onAccent);
    } else refused.push('accent');
  }
  return refused;
}

/** Contrast ratio of two `#rrggbb` colours (WCAG 2.2); 0 when one is something else. */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)];
  if (a === undefined || b === undefined) return 0;
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function luminance(colour: string): number | undefined {
  if (!/^#[0-9a-f]{6}$/i.test(colour)) return undefined;
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
