/** Names that stand in sealed files: whoever draws them and whoever verifies them mean the same. */

/** The signature field of a report for the organisation's seal, and the associated file with the report's data. */
export const REPORT_FIELD = 'MandateSeal';
export const REPORT_FILE = 'report.json';
/** The same of a list of evidence that goes with several reports. */
export const FILING_FIELD = 'MandateFilingSeal';
export const FILING_FILE = 'index.csv';
