export * from './desk-parts.js';
export * from './service.js';
export { reportDrawer, type ReportDrawer } from './reports/draw-in-child.js';
export { startReportWorker, type ReportWorker } from './reports/report-worker.js';
export { startReconciler } from './reconciler.js';
