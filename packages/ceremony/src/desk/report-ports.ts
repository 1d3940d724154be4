/** Under which order of role vault a job goes on, and who gave it by which grant. */
export interface ReportOrder {
  readonly orderId: string;
  readonly grantId: string;
  readonly staffId: string;
  readonly at: Date;
}

/** `request`: digest of what was asked for, so that another request under the same key is told from a repeated one. */
export interface AskedOrder extends ReportOrder {
  readonly request: string;
}

/** All reports of a job came to their end and the list of evidence did not: it goes on when somebody asks for it. */
export const LIST_FAILED = 'filing-failed';

export interface ReportJobRow {
  readonly id: string;
  readonly caseId: string;
  readonly institutionId: string;
  readonly madeAt: Date;
  readonly languages: readonly ('zh' | 'en')[];
  readonly depth: 'short' | 'full';
  readonly size: number;
  readonly state: 'running' | 'stopped' | 'done';
  /** Why role vault opens nothing more, or `filing-failed`; null unless stopped. */
  readonly why: string | null;
  readonly changedAt: Date;
}

/** How far a job has come. */
export interface ReportJobView extends ReportJobRow {
  readonly orders: readonly ReportOrder[];
  readonly done: number;
  readonly refused: number;
}

export interface ReportItemRow {
  readonly jobId: string;
  readonly ordinal: number;
  readonly authorizationId: string;
  readonly letterNumber: string;
  readonly state: 'waiting' | 'done' | 'refused';
  /** The code of what refused it. */
  readonly why: string | null;
  /** Drawn at the first try; null before. */
  readonly reportId: string | null;
  readonly madeAt: Date | null;
  /** Canonical JSON of `ReportFacts`. */
  readonly facts: string | null;
  readonly tries: number;
  readonly indication: string | null;
  readonly subIndication: string | null;
  readonly endedAt: Date | null;
}

/** One file of a report as it is kept; digest and CRC-32 are of the plaintext. */
export interface ReportFileRow {
  readonly name: string;
  readonly size: number;
  readonly digest: string;
  readonly crc: number;
  readonly pages: number | null;
  /** SHA-256 of the object it lies in, encrypted; null where it lies in none, or from before that was kept. */
  readonly stored: string | null;
}

export interface FilingFileRow {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly digest: string;
  readonly crc: number;
}

/** A report that a job is working on; nobody else does until `until`. */
export interface ClaimedReport extends ReportItemRow {
  readonly reportId: string;
  readonly madeAt: Date;
  readonly orderId: string;
}

/**
 * Role desk: jobs that make reports. What must happen once is a conditional update; a claim that was lost to somebody
 * else changes nothing and says so.
 */
export interface ReportJobRecord {
  /** False: that order has its job. */
  addJob(
    job: Omit<ReportJobRow, 'state' | 'why' | 'changedAt'>,
    order: AskedOrder,
    authorizations: readonly string[],
  ): Promise<boolean>;
  /** The job that was ordered, or goes on, by the order of that key (`orderRequestKey`). */
  askedJob(requestKey: string): Promise<{ jobId: string; request: string | null } | null>;
  job(id: string): Promise<ReportJobView | null>;
  /** Newest first. */
  jobsOf(caseId: string): Promise<readonly ReportJobView[]>;
  /** In their order, after that ordinal. */
  items(jobId: string, p: { after: number; limit: number }): Promise<readonly ReportItemRow[]>;
  /** What waited when the job stopped, with what has become of it since. */
  dueAtStop(jobId: string): Promise<readonly Pick<ReportItemRow, 'authorizationId' | 'state'>[]>;
  report(reportId: string): Promise<ReportItemRow | null>;
  /** All reports that were made on one authorization, newest first. */
  reportsOn(authorizationId: string, limit: number): Promise<readonly ReportItemRow[]>;
  files(reportIds: readonly string[]): Promise<ReadonlyMap<string, readonly ReportFileRow[]>>;
  anchors(digest: string): Promise<string | null>;

  /** The next that waits and nobody holds; null: none, or the job does not run. */
  claimItem(p: {
    jobId: string;
    worker: string;
    reportId: string;
    at: Date;
    until: Date;
  }): Promise<ClaimedReport | null>;
  /** It is still being worked on. */
  holdItem(p: { reportId: string; worker: string; until: Date }): Promise<void>;
  /** What it is made from, once. False: the claim is lost. */
  keepFacts(p: {
    reportId: string;
    worker: string;
    facts: string;
    anchors: { digest: string; body: string };
  }): Promise<boolean>;
  finishItem(p: {
    reportId: string;
    worker: string;
    files: readonly ReportFileRow[];
    indication: string;
    subIndication: string | null;
    at: Date;
  }): Promise<boolean>;
  refuseItem(p: { reportId: string; worker: string; why: string; at: Date }): Promise<boolean>;
  /**
   * Its number, moment and facts are given up with the claim: the next one draws others. `unopened`: nothing was opened
   * for this try, and it counts for none.
   */
  redrawItem(p: { reportId: string; worker: string; unopened?: boolean }): Promise<void>;
  /** `unopened`: as of `redrawItem`. */
  releaseItem(p: { reportId: string; worker: string; unopened?: boolean }): Promise<void>;
  /** Nothing of it is claimed until then. */
  restJob(p: { jobId: string; until: Date }): Promise<void>;
  /** Stops what runs under that order; false: it runs under another one, or not at all. */
  stopJob(p: { jobId: string; orderId: string; why: string; at: Date }): Promise<boolean>;
  /** Goes on under a new order. Throws `illegal-transition` when it is not stopped. */
  resumeJob(jobId: string, order: AskedOrder): Promise<void>;
  /**
   * Stopped jobs of which nothing waits go on to their end; which. Without `jobId`: all but those whose list of evidence
   * could not be made (`filing-failed`), which somebody lets go on.
   */
  endStopped(at: Date, jobId?: string): Promise<readonly string[]>;
  /** The list of evidence is to be made by this one; false: reports wait, or somebody else makes it. */
  claimFiling(p: { jobId: string; worker: string; at: Date; until: Date }): Promise<boolean>;
  /** The list, and with it the job's end. */
  finishJob(p: {
    jobId: string;
    worker: string;
    files: readonly FilingFileRow[];
    at: Date;
  }): Promise<boolean>;
  /** It is still being made, or rests after a failure, until then; nothing where somebody else makes it. */
  holdFiling(p: { jobId: string; worker: string; until: Date }): Promise<void>;
  filing(jobId: string): Promise<readonly FilingFileRow[]>;
  /** Jobs with something to do that nobody holds. */
  unheldJobs(at: Date, limit: number): Promise<readonly string[]>;
}
