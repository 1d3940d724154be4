import { sha256, utf8, concat } from '@mandate/core';
import { PDFDocument, PDFName, PDFString, type PDFRef } from 'pdf-lib';
import { makeArchivable, type ArchiveOptions } from './archive.js';
import type { Canvas } from './canvas.js';

/** A form field to stand on a page: its widget is the page's annotation and the form's field at once. */
export interface EmptySignatureField {
  readonly name: string;
  /** 0-based. */
  readonly page: number;
  /** Left, bottom, right, top in points. */
  readonly rectangle: readonly [number, number, number, number];
  /** What the field shows, drawn in its own coordinates. */
  readonly appearance: Canvas;
}

export interface DocumentOptions extends Omit<ArchiveOptions, 'fileId'> {
  readonly field?: EmptySignatureField;
  /** What the file identifier is derived from, e.g. the digest of the terms. */
  readonly seed: string;
}

/**
 * Pages → PDF 1.7 bytes with one classic cross-reference table. A pure function of its arguments: no
 * clock, no randomness, no library defaults that hold either.
 */
export async function writeDocument(
  pages: readonly Canvas[],
  options: DocumentOptions,
): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const { context } = document;
  const font = await pages[0]!.font.embed(context);
  const resources = { Font: { F1: font } };
  const refs = pages.map((canvas) => {
    const page = document.addPage([canvas.width, canvas.height]);
    page.node.set(PDFName.of('Resources'), context.obj(resources));
    page.node.set(PDFName.of('Contents'), context.register(context.flateStream(canvas.content())));
    return page.ref;
  });
  if (options.field) addField(document, options.field, refs, resources);
  makeArchivable(document, {
    ...options,
    fileId: sha256(concat(utf8('mandate/file-id/v1\n'), utf8(options.seed))).subarray(0, 16),
  });
  return document.save({
    useObjectStreams: false,
    addDefaultPage: false,
    updateFieldAppearances: false,
    // One chunk: without it the writer yields to timers, which costs time and gains nothing here.
    objectsPerTick: Infinity,
  });
}

function addField(
  document: PDFDocument,
  field: EmptySignatureField,
  pages: readonly PDFRef[],
  resources: Record<string, unknown>,
): void {
  const { context, catalog } = document;
  const { appearance, rectangle } = field;
  const form = context.register(
    context.flateStream(appearance.content(), {
      Type: 'XObject',
      Subtype: 'Form',
      BBox: [0, 0, appearance.width, appearance.height],
      Resources: resources as never,
    }),
  );
  const widget = context.register(
    context.obj({
      Type: 'Annot',
      Subtype: 'Widget',
      FT: 'Sig',
      T: PDFString.of(field.name),
      Rect: [...rectangle],
      // Print, Locked.
      F: 4 | 128,
      P: pages[field.page]!,
      AP: { N: form },
    }),
  );
  document.getPage(field.page).node.set(PDFName.of('Annots'), context.obj([widget]));
  catalog.set(PDFName.of('AcroForm'), context.register(context.obj({ Fields: [widget] })));
}
