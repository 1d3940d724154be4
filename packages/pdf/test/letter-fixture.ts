import { PDFDocument, PDFName, PDFString, StandardFonts } from 'pdf-lib';

/** A one-page letter as the product makes it: classic xref, one empty signature field with appearance. */
export async function makeLetter(
  options: { inlineForm?: boolean; objectStreams?: boolean; fields?: string[] } = {},
): Promise<Uint8Array> {
  const fixed = new Date('2026-11-21T09:00:00Z');
  const doc = await PDFDocument.create({ updateMetadata: false });
  doc.setTitle('Letter');
  doc.setCreationDate(fixed);
  doc.setModificationDate(fixed);
  const page = doc.addPage([595, 842]);
  const font = await doc.embedFont(StandardFonts.Helvetica);
  page.drawText('I, the subject, authorize one query.', { x: 72, y: 700, size: 12, font });
  page.drawText('Second line (with parentheses).', { x: 72, y: 680, size: 12, font });
  await doc.attach(new TextEncoder().encode('{"format":"mandate-terms/v1"}'), 'terms.json', {
    mimeType: 'application/json',
    creationDate: fixed,
    modificationDate: fixed,
  });

  const { context } = doc;
  const appearance = context.register(
    context.stream('q 0 0 1 RG 0 0 200 50 re S Q', {
      Type: 'XObject',
      Subtype: 'Form',
      BBox: [0, 0, 200, 50],
    }),
  );
  const fields = (options.fields ?? ['Mandate.Subject']).map((name, i) =>
    context.register(
      context.obj({
        Type: 'Annot',
        Subtype: 'Widget',
        FT: 'Sig',
        T: PDFString.of(name),
        Rect: [72, 100 + 60 * i, 272, 150 + 60 * i],
        F: 132,
        P: page.ref,
        AP: { N: appearance },
      }),
    ),
  );
  page.node.set(PDFName.of('Annots'), context.obj(fields));
  const form = context.obj({ Fields: fields, SigFlags: 1 });
  doc.catalog.set(PDFName.of('AcroForm'), options.inlineForm ? form : context.register(form));
  return doc.save({ useObjectStreams: options.objectStreams ?? false });
}

export const at = new Date('2026-11-21T09:30:00.700Z');
export const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
export const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
