import { toHex, utf8 } from '@mandate/core';
import { PDFHexString, PDFName, PDFString, type PDFDocument, type PDFObject } from 'pdf-lib';
import { srgbProfile } from './srgb-profile.js';

export interface ArchiveOptions {
  readonly title: string;
  readonly language: 'zh' | 'en';
  /** Producer and creator tool, e.g. `mandate-letter/v1`. */
  readonly renderer: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  /** 16 bytes for the trailer's `/ID`. */
  readonly fileId: Uint8Array;
  readonly attachment?: {
    readonly name: string;
    readonly description: string;
    readonly bytes: Uint8Array;
    readonly mime: string;
  };
}

/**
 * What makes the document PDF/A-3B (ISO 19005-3): XMP with the conformance claim (§6.6.4), an sRGB
 * output intent (§6.2.3), the associated file with its relationship (§6.8), a fixed file identifier (§6.1.3).
 */
export function makeArchivable(document: PDFDocument, options: ArchiveOptions): void {
  const { context, catalog } = document;
  const set = (key: string, value: PDFObject): void => catalog.set(PDFName.of(key), value);

  // Metadata stays uncompressed: §6.6.2.1 wants it readable without a PDF library.
  const metadata = context.stream(utf8(xmp(options)), { Type: 'Metadata', Subtype: 'XML' });
  set('Metadata', context.register(metadata));
  set('Lang', PDFString.of(options.language === 'zh' ? 'zh-CN' : 'en'));
  set('ViewerPreferences', context.obj({ DisplayDocTitle: true }));
  const profile = context.register(context.flateStream(srgbProfile(), { N: 3 }));
  set(
    'OutputIntents',
    context.obj([
      {
        Type: 'OutputIntent',
        S: 'GTS_PDFA1',
        OutputConditionIdentifier: PDFString.of('sRGB IEC61966-2.1'),
        RegistryName: PDFString.of('http://www.color.org'),
        Info: PDFString.of('sRGB IEC61966-2.1'),
        DestOutputProfile: profile,
      },
    ]),
  );
  const { attachment } = options;
  if (attachment) {
    const date = PDFString.of(pdfDate(options.at));
    const file = context.register(
      context.stream(attachment.bytes, {
        Type: 'EmbeddedFile',
        Subtype: attachment.mime,
        Params: { Size: attachment.bytes.length, CreationDate: date, ModDate: date },
      }),
    );
    const specification = context.register(
      context.obj({
        Type: 'Filespec',
        F: PDFString.of(attachment.name),
        UF: PDFString.of(attachment.name),
        Desc: PDFHexString.fromText(attachment.description),
        AFRelationship: 'Data',
        EF: { F: file, UF: file },
      }),
    );
    set('AF', context.obj([specification]));
    set(
      'Names',
      context.obj({ EmbeddedFiles: { Names: [PDFString.of(attachment.name), specification] } }),
    );
  }
  const id = PDFHexString.of(toHex(options.fileId).toUpperCase());
  context.trailerInfo.ID = context.obj([id, id]);
}

/** `D:20261121093000Z` */
const pdfDate = (at: string): string => `D:${at.replace(/[-:T]/g, '')}`;

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function xmp({ title, language, renderer, at }: ArchiveOptions): string {
  const lang = language === 'zh' ? 'zh-CN' : 'en';
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
    xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/">
   <pdfaid:part>3</pdfaid:part>
   <pdfaid:conformance>B</pdfaid:conformance>
   <dc:format>application/pdf</dc:format>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(title)}</rdf:li></rdf:Alt></dc:title>
   <dc:language><rdf:Bag><rdf:li>${lang}</rdf:li></rdf:Bag></dc:language>
   <pdf:Producer>${escapeXml(renderer)}</pdf:Producer>
   <xmp:CreatorTool>${escapeXml(renderer)}</xmp:CreatorTool>
   <xmp:CreateDate>${at}</xmp:CreateDate>
   <xmp:ModifyDate>${at}</xmp:ModifyDate>
   <xmp:MetadataDate>${at}</xmp:MetadataDate>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>`;
}
