/** A document timestamp that holds: everything up to a revision existed then. */
export interface Proof {
  readonly revision: number;
  readonly time: Date;
}

/** Proofs of existence (EN 319 102-1 §5.6.2.3), taken in reverse order of revisions. */
export class Existence {
  private readonly proofs: Proof[] = [];

  constructor(
    /** The moment of judging: what is at hand exists now. */
    readonly at: Date,
  ) {}

  add(proof: Proof): void {
    this.proofs.push(proof);
  }

  /** Earliest proven time at which what stands in that revision existed; null without a proof. */
  provenAt(revision: number): Date | null {
    return this.proofs.reduce<Date | null>(
      (best, { revision: covered, time }) =>
        covered >= revision && (!best || time < best) ? time : best,
      null,
    );
  }

  /** The same, or now. */
  existedAt(revision: number): Date {
    return this.provenAt(revision) ?? this.at;
  }
}
