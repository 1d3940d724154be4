/** Reads binary PGM as `pdftoppm -gray` writes it, for counting ink. */
export interface GrayMap {
  /** 0 is black, 255 is white. */
  gray(x: number, y: number): number;
  /** Points darker than half in a rectangle, pixels from the top left. */
  dark(x0: number, y0: number, x1: number, y1: number): number;
}

export function readGray(file: Buffer): GrayMap {
  const head = /^P5\s(\d+)\s(\d+)\s255\s/.exec(file.subarray(0, 40).toString('latin1'))!;
  const width = Number(head[1]);
  const pixels = file.subarray(head[0].length);
  return {
    gray: (x, y) => pixels[y * width + x]!,
    dark(x0, y0, x1, y1) {
      let count = 0;
      for (let y = Math.round(y0); y < Math.round(y1); y++)
        for (let x = Math.round(x0); x < Math.round(x1); x++)
          if (pixels[y * width + x]! < 128) count++;
      return count;
    },
  };
}
