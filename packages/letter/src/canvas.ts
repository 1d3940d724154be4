import { DomainError } from '@mandate/core';
import type { FontUse } from './font-use.js';

/** sRGB, each 0–1. */
export type Color = readonly [red: number, green: number, blue: number];

export const INK: Color = [0.11, 0.12, 0.14];
export const NAVY: Color = [0.1, 0.2, 0.36];
export const GRAY: Color = [0.4, 0.43, 0.48];
export const LINE: Color = [0.72, 0.76, 0.82];
const WATERMARK: Color = [0.78, 0.3, 0.3];
export const SHADE: Color = [0.945, 0.957, 0.975];

export interface TextStyle {
  readonly size: number;
  readonly color?: Color;
  /** Drawn heavier by an outline: the font has one weight. */
  readonly bold?: boolean;
  /** Extra space after each character in points, for justified lines. */
  readonly spacing?: number;
}

/** One page (or form) as content-stream operators. Points, origin at the lower left. */
export class Canvas {
  readonly #operators: string[] = [];

  constructor(
    readonly font: FontUse,
    readonly width: number,
    readonly height: number,
  ) {}

  /** One line, `y` is the base line. Throws `glyph-missing`; `text-overflow` when it leaves the sheet. */
  text(text: string, x: number, y: number, style: TextStyle): void {
    if (text === '') return;
    const { size, color = INK, bold = false, spacing = 0 } = style;
    const right = x + this.font.width(text, size) + spacing * [...text].length;
    if (x < 0 || y < 0 || right > this.width + 0.01 || y + size > this.height + 0.01)
      throw new DomainError('text-overflow', 'a text does not fit on the page');
    this.#operators.push(
      'BT',
      `${rgb(color)} rg`,
      ...(bold ? [`${rgb(color)} RG 2 Tr ${num(size * 0.028)} w`] : ['0 Tr']),
      `/F1 ${num(size)} Tf ${num(spacing)} Tc`,
      `1 0 0 1 ${num(x)} ${num(y)} Tm`,
      `<${this.font.encode(text)}> Tj`,
      'ET',
    );
  }

  /** Large words in outline across the sheet from lower left to upper right: over everything, hiding nothing. */
  watermark(text: string, size: number, color: Color = WATERMARK): void {
    const half = (this.font.width(text, size) / 2) * Math.SQRT1_2;
    this.slanted(text, this.width / 2 - half, this.height / 2 - half, { size, color, stroke: 1.2 });
  }

  /** A line of outlined words rising from its lower left corner; it may leave the sheet. */
  slanted(
    text: string,
    x: number,
    y: number,
    { size, color, stroke }: { size: number; color: Color; stroke: number },
  ): void {
    const turn = num(Math.SQRT1_2);
    this.#operators.push(
      'BT',
      `${rgb(color)} RG 1 Tr ${num(stroke)} w`,
      `/F1 ${num(size)} Tf 0 Tc`,
      `${turn} ${turn} -${turn} ${turn} ${num(x)} ${num(y)} Tm`,
      `<${this.font.encode(text)}> Tj`,
      'ET',
    );
  }

  /** What `draw` draws is no part of the page's text to whoever reads it aloud, ISO 32000-2 14.8.2.2. */
  artifact(draw: () => void): void {
    this.#operators.push('/Artifact BMC');
    draw();
    this.#operators.push('EMC');
  }

  line(x1: number, y1: number, x2: number, y2: number, width: number, color: Color = LINE): void {
    this.#operators.push(
      `${rgb(color)} RG ${num(width)} w ${num(x1)} ${num(y1)} m ${num(x2)} ${num(y2)} l S`,
    );
  }

  /** A rectangle by its lower left corner, filled, stroked or both. */
  box(
    x: number,
    y: number,
    width: number,
    height: number,
    style: { fill?: Color; stroke?: Color; lineWidth?: number },
  ): void {
    const { fill, stroke, lineWidth = 0.6 } = style;
    const paint = fill && stroke ? 'B' : fill ? 'f' : 'S';
    this.#operators.push(
      [
        ...(fill ? [`${rgb(fill)} rg`] : []),
        ...(stroke ? [`${rgb(stroke)} RG ${num(lineWidth)} w`] : []),
        `${num(x)} ${num(y)} ${num(width)} ${num(height)} re ${paint}`,
      ].join(' '),
    );
  }

  /** Filled squares of a QR code; `x`, `y` is the lower left corner, without a quiet zone. */
  modules(rows: readonly (readonly boolean[])[], x: number, y: number, side: number): void {
    const step = side / rows.length;
    const cells = rows.flatMap((row, r) =>
      runs(row).map(
        ([from, to]) =>
          `${num(x + from * step)} ${num(y + (rows.length - 1 - r) * step)} ${num((to - from) * step)} ${num(step)} re`,
      ),
    );
    this.#operators.push('0 0 0 rg', ...cells, 'f');
  }

  content(): string {
    return this.#operators.join('\n');
  }
}

/** Horizontal runs of dark modules, so that no hairline shows between neighbours. */
function runs(row: readonly boolean[]): [from: number, to: number][] {
  const found: [number, number][] = [];
  row.forEach((dark, i) => {
    if (!dark) return;
    const last = found.at(-1);
    if (last && last[1] === i) last[1] = i + 1;
    else found.push([i, i + 1]);
  });
  return found;
}

const rgb = (color: Color): string => color.map(num).join(' ');

/** At most three decimals, never an exponent. */
const num = (n: number): string => String(Math.round(n * 1000) / 1000);
