export { evidenceLevel } from './evidence-level.js';
export { sealedReport, verifyAndReport, type ReportAuthority } from './issue-report.js';
export { makeReport, reportJson, type ReportInput } from './make-report.js';
export { renderReport, REPORT_FIELD, REPORT_FILE, type ReportLanguage } from './render-report.js';
export * from './report.js';
export { reportXml } from './validation-xml.js';
export { archiveReport, type ReportArchive } from './archive-report.js';
export { sealReport } from './seal-report.js';
export { SECTION_IDS, type SectionId } from './sections.js';
