import type { MarkLine } from '@mandate/core';

/** Letters so high that they are read where the picture is, in parts of its shorter side, and never below. */
const SHARE = 26;
const LEAST = 13;
/** Degrees; slanted text is not taken for the document's own. */
const SLANT = -24;

/**
 * The watermark as an SVG of paths alone, repeated over all of the picture, so that whatever is cut out of it that
 * shows a face or a number shows the words too. Dark letters with a light edge are seen on bright and dark alike.
 */
export function drawWatermark(
  { width, height }: { width: number; height: number },
  lines: readonly MarkLine[],
): string {
  const size = Math.max(LEAST, Math.min(width, height) / SHARE);
  const scale = size / 1000;
  const rowHeight = size * 1.35;
  const blockWidth = Math.max(...lines.map((line) => line.width)) * scale;
  const stepX = blockWidth + size * 1.6;
  const stepY = rowHeight * lines.length + size * 1.1;
  const block = lines
    .map(({ glyphs }, i) => {
      const paths = glyphs.map(({ path, x }) => `<path transform="translate(${x})" d="${path}"/>`);
      return `<g transform="translate(0 ${round(rowHeight * (i + 0.8))}) scale(${round(scale)} ${round(-scale)})">${paths.join('')}</g>`;
    })
    .join('');
  // the slanted grid covers the square around the picture's diagonal
  const reach = Math.hypot(width, height) / 2;
  const uses: string[] = [];
  for (let row = 0, y = -reach - stepY; y < reach; row++, y += stepY)
    for (let x = -reach - stepX - (row % 2) * (stepX / 2); x < reach; x += stepX)
      uses.push(`<use href="#m" x="${round(x)}" y="${round(y)}"/>`);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<defs><g id="m">${block}</g></defs>` +
    `<g transform="translate(${width / 2} ${height / 2}) rotate(${SLANT})">` +
    `<g fill="none" stroke="#fff" stroke-width="70" stroke-linejoin="round" opacity="0.5">${uses.join('')}</g>` +
    `<g fill="#a81818" opacity="0.55">${uses.join('')}</g></g></svg>`
  );
}

const round = (n: number): string => String(Math.round(n * 10_000) / 10_000);
