export { evidenceLevel } from './evidence-level.js';
export * from './life.js';
export type { Moment, Span, TimelineModel } from './timeline-model.js';
export { compareReports, REPORT_CHANGES, type ReportChange } from './compare-reports.js';
export { filingCsv, renderFilingIndex, type FilingIndex, type FilingRow } from './filing-index.js';
export {
  issueSealed,
  sealedReport,
  verifyAndReport,
  type ReportAuthority,
} from './issue-report.js';
export { makeReport, reportJson, type ReportInput } from './make-report.js';
export {
  renderReport,
  REPORT_DEPTHS,
  type ReportDepth,
  type ReportLanguage,
} from './render-report.js';
export {
  reconstructPage,
  type DrawReconstruction,
  type ReconstructionFrame,
  type ReconstructionRefusal,
} from './reconstruction/reconstruct-page.js';
export type { SubjectScreens } from './reconstruction/subject-screens.js';
export * from './report.js';
export { reportXml } from './validation-xml.js';
export { newestStampEnd, renewReport, type ReportRenewal } from './renew-report.js';
export { archiveReport, type ReportArchive } from './archive-report.js';
export { pageCount } from './page-count.js';
export { sealReport } from './seal-report.js';
export { SECTION_IDS, type SectionId } from './sections.js';
