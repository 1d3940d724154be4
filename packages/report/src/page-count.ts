import { readPages, readPdf } from '@mandate/pdf';

/** Pages of a paper drawn here. Throws `format-pdf`. */
export const pageCount = (pdf: Uint8Array): number => readPages(readPdf(pdf)).length;
