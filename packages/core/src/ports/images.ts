/** One line of a watermark as outlines: 1000 units to the em, y upwards. */
export interface MarkLine {
  /** SVG path data, and how far to the right it stands. */
  readonly glyphs: readonly { readonly path: string; readonly x: number }[];
  readonly width: number;
}

/** A picture that was drawn anew: baseline JPEG, sRGB, no metadata. Pixels. */
export interface RedrawnImage {
  readonly jpeg: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Why a picture is not taken. */
export const IMAGE_FAULTS = [
  'not-jpeg-or-png',
  'too-large',
  'too-small',
  'animated',
  'damaged',
] as const;
export type ImageFault = (typeof IMAGE_FAULTS)[number];

/**
 * Draws a stranger's picture anew with a watermark over all of it; nothing but what is seen of it comes through.
 * Throws `image-refused` (`reason`: an `ImageFault`), `payload-too-large`, `budget-exceeded` when it takes too long or
 * breaks the decoder, `rate-limited` while too many are drawn.
 */
export type RedrawImage = (bytes: Uint8Array, mark: readonly MarkLine[]) => Promise<RedrawnImage>;

/** Bytes of a picture as it comes in. */
export const MOST_IMAGE_BYTES = 8 * 1024 * 1024;
