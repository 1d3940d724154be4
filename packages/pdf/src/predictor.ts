import { refuse, unsupported } from './refusal.js';

/**
 * Undoes a predictor of FlateDecode (ISO 32000-1 §7.4.4.4): 1 none, 10–15 PNG filters (RFC 2083 §6).
 * TIFF (2) appears on images alone, which nobody here reads. Throws `format-pdf`, `unsupported-algorithm`.
 */
export function unpredict(
  data: Uint8Array,
  param: (name: string) => number | undefined,
): Uint8Array {
  const predictor = param('Predictor') ?? 1;
  if (predictor === 1) return data;
  if (predictor < 10 || predictor > 15) return unsupported(`predictor ${predictor}`);
  const bits = (param('Colors') ?? 1) * (param('BitsPerComponent') ?? 8);
  const width = Math.ceil((bits * (param('Columns') ?? 1)) / 8);
  const step = Math.max(1, Math.ceil(bits / 8));
  if (width < 1 || data.length % (width + 1) !== 0) refuse('predicted data of the wrong length');

  const rows = data.length / (width + 1);
  const out = new Uint8Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const from = row * (width + 1) + 1;
    const to = row * width;
    const type = data[from - 1]!;
    if (type > 4) refuse('unknown PNG row filter');
    for (let i = 0; i < width; i++) {
      const left = i >= step ? out[to + i - step]! : 0;
      const up = row > 0 ? out[to + i - width]! : 0;
      const corner = row > 0 && i >= step ? out[to + i - width - step]! : 0;
      const guess =
        type === 0
          ? 0
          : type === 1
            ? left
            : type === 2
              ? up
              : type === 3
                ? (left + up) >> 1
                : paeth(left, up, corner);
      out[to + i] = data[from + i]! + guess;
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const toLeft = Math.abs(estimate - left);
  const toUp = Math.abs(estimate - up);
  const toCorner = Math.abs(estimate - corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
