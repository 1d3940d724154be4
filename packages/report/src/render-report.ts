import { REPORT_FIELD, REPORT_FILE } from '@mandate/evidence';
import {
  A4,
  FontUse,
  GRAY,
  LINE,
  loadFontFace,
  PageFlow,
  writeDocument,
  type Canvas,
} from '@mandate/letter';
import { drawExpertPages, drawShortPages } from './draw-expert-pages.js';
import { drawFacts } from './draw-facts.js';
import { drawFrontPage } from './draw-front-page.js';
import { fitFace } from './fit-face.js';
import { reportJson } from './make-report.js';
import { Outline, type Part } from './outline.js';
import type { Report } from './report.js';
import { en } from './words/en.js';
import type { ReportWords } from './words/report-words.js';
import { zh } from './words/zh.js';

export type ReportLanguage = 'zh' | 'en';
/** `short`: verdict and reasons; `full`: everything. Both carry the same data. */
export const REPORT_DEPTHS = ['short', 'full'] as const;
export type ReportDepth = (typeof REPORT_DEPTHS)[number];

/** Changes whenever the same report would give other bytes. */
export const REPORT_RENDERER = 'mandate-report/v1';

const WORDS: Readonly<Record<ReportLanguage, ReportWords>> = { zh, en };

/**
 * The report on paper, in three depths: one page for the judge, findings for the expert, facts for
 * recomputation. PDF 1.7 with PDF/A-3B structure, the JSON associated, one empty signature field. A
 * pure function of its arguments; text the font cannot draw stands as code points.
 */
export async function renderReport(
  report: Report,
  language: ReportLanguage,
  depth: ReportDepth = 'full',
): Promise<Uint8Array> {
  const face = await loadFontFace();
  const words = WORDS[language];
  const shown = fitFace(report, face);
  const layout =
    language === 'zh'
      ? { justify: true, bodySize: 9, labelWidth: 96 }
      : { justify: false, bodySize: 8.5, labelWidth: 116 };
  // Twice: page numbers in the lists of contents and of evidence are known after the first time.
  const draw = (known: readonly Part[]) => {
    const flow = new PageFlow(new FontUse(face), layout);
    const outline = new Outline(words, known);
    const sheet: Sheet = { flow, report: shown, words, language, outline };
    const field = drawFrontPage(sheet);
    flow.newPage();
    if (depth === 'short') drawShortPages(sheet);
    else {
      drawExpertPages(sheet);
      drawFacts(sheet);
    }
    return { flow, outline, field };
  };
  const { flow, field } = draw(draw([]).outline.parts);
  drawFooters(flow, shown.id, words);

  return writeDocument(flow.pages, {
    title: words.title,
    language,
    renderer: REPORT_RENDERER,
    at: report.madeAt,
    seed: `${report.id}/${language}${depth === 'short' ? '/short' : ''}`,
    field: { name: REPORT_FIELD, ...field },
    attachment: {
      name: REPORT_FILE,
      description: words.attachment,
      bytes: reportJson(report),
      mime: 'application/json',
    },
  });
}

/** What every drawing function gets. */
export interface Sheet {
  readonly flow: PageFlow;
  readonly report: Report;
  readonly words: ReportWords;
  readonly language: ReportLanguage;
  readonly outline: Outline;
}

function drawFooters(flow: PageFlow, id: string, words: ReportWords): void {
  const size = 8;
  flow.pages.forEach((page: Canvas, i) => {
    page.line(flow.left, 44, flow.right, 44, 0.5, LINE);
    // Page one has it at its head.
    if (i > 0) page.text(id, flow.left, 32, { size, color: GRAY });
    const text = words.page(i + 1, flow.pages.length);
    page.text(text, A4.width - flow.left - flow.font.width(text, size), 32, { size, color: GRAY });
  });
}
