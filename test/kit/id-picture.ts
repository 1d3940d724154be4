import sharp from 'sharp';

/** Something that looks like an identity card, with a place and a name in its metadata. */
export async function idPicture(planted: string, width = 640, height = 400): Promise<Buffer> {
  const photo = await sharp({
    create: {
      width: Math.floor(width / 3),
      height: Math.floor(height / 2),
      channels: 3,
      background: '#b98',
    },
  })
    .png()
    .toBuffer();
  return sharp({ create: { width, height, channels: 3, background: '#f4f6f2' } })
    .composite([{ input: photo, left: Math.floor(width * 0.6), top: Math.floor(height / 5) }])
    .withExif({
      IFD0: { Artist: planted, ImageDescription: planted },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '31/1 13/1 49/1' },
    })
    .jpeg()
    .toBuffer();
}
