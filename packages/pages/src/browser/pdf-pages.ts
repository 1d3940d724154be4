import { getDocument, PDFWorker, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import workerAddress from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url';
import { scriptAddress } from './trusted-types.js';

export interface DrawnPage {
  readonly canvas: HTMLCanvasElement;
  /** The page's text, line by line, in drawing order. */
  readonly lines: readonly string[];
}

export interface DrawnLetter {
  readonly pages: readonly DrawnPage[];
}

/** Device pixels across a page: sharp at two- or threefold zoom on a phone, bounded in memory. */
const PAGE_PIXELS = 1400;
const MAXIMUM_PAGES = 40;

export interface DrawOptions {
  /** Lines without what the PDF says is no part of its text: of copies that were marked here, never of what is signed. */
  readonly withoutArtifacts?: boolean;
}

/**
 * Draws every page of the letter. Nothing is fetched: fonts are embedded, and no script, form or
 * external resource of a PDF is followed. Throws when any page cannot be drawn.
 */
export async function drawLetter(
  letter: Uint8Array,
  { withoutArtifacts = false }: DrawOptions = {},
): Promise<DrawnLetter> {
  const port = new Worker(scriptAddress(workerAddress) as string, { type: 'module' });
  const worker = PDFWorker.create({ port });
  try {
    const task = getDocument({
      // pdf.js takes its buffer away; the digested bytes stay ours.
      data: letter.slice(),
      worker,
      isEvalSupported: false,
      enableXfa: false,
      useSystemFonts: false,
      useWasm: false,
      stopAtErrors: true,
      disableAutoFetch: true,
      verbosity: 0,
    });
    const file = await task.promise;
    if (file.numPages > MAXIMUM_PAGES) throw new Error(`${file.numPages} pages`);
    const pages: DrawnPage[] = [];
    for (let number = 1; number <= file.numPages; number++) {
      const page = await file.getPage(number);
      pages.push({ canvas: await drawPage(page), lines: await readLines(page, withoutArtifacts) });
      page.cleanup();
    }
    await task.destroy();
    return { pages };
  } finally {
    worker.destroy();
    port.terminate();
  }
}

async function drawPage(page: PDFPageProxy): Promise<HTMLCanvasElement> {
  const viewport = page.getViewport({ scale: PAGE_PIXELS / page.getViewport({ scale: 1 }).width });
  const canvas = document.createElement('canvas');
  canvas.className = 'letter-page';
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  await page.render({ canvas, viewport, background: '#ffffff' }).promise;
  return canvas;
}

async function readLines(page: PDFPageProxy, withoutArtifacts: boolean): Promise<string[]> {
  const { items } = await page.getTextContent({
    disableNormalization: true,
    includeMarkedContent: withoutArtifacts,
  });
  const lines: string[] = [];
  let line = '';
  // Of each marked content around the place, whether it is an artifact.
  const around: boolean[] = [];
  for (const item of items) {
    if (!('str' in item)) {
      if (item.type === 'endMarkedContent') around.pop();
      else around.push('tag' in item && item.tag === 'Artifact');
      continue;
    }
    if (around.includes(true)) continue;
    line += item.str;
    if (item.hasEOL) {
      lines.push(line);
      line = '';
    }
  }
  lines.push(line);
  return lines.map((text) => text.trim()).filter((text) => text !== '');
}
