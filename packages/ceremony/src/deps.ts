import type { Clock, Random, VaultRole, Objects } from '@mandate/core';

/** What every step needs beside its record. */
export interface StepDeps {
  readonly clock: Clock;
  readonly random: Random;
}

/** Steps that read or write letters and personal data. */
export interface DataDeps extends StepDeps {
  readonly vault: VaultRole;
  readonly objects: Objects;
}

/** Times of the ceremony, in seconds. */
export const TIMES = {
  codeLife: 5 * 60,
  resendPause: 60,
  confirmationLife: 10 * 60,
  /** How long after the confirmation its visit may register a passkey for later. */
  enrolmentLife: 30 * 60,
  /** How long a further passkey waits that nothing but a code has shown to be the subject's. */
  furtherPasskeyWait: 24 * 3600,
  /** notBefore lies this far before issuing, for clocks that lag. */
  certificateLead: 60,
  certificateLife: 9 * 60,
  /** An attempt this close to the certificate's end is void. */
  certificateMargin: 60,
  /** Its status must be answered this long before the certificate's end: later answers prove nothing. */
  validationMargin: 10,
  linkLife: 24 * 3600,
  ticketLife: 5 * 60,
  /** How long a frame may hand its ceremony over to a full page. */
  handOverLife: 30 * 60,
  visitLife: 24 * 3600,
  /** Visits to one's own authorizations: without use, and at most. */
  ownVisitLife: 15 * 60,
  ownVisitMost: 3600,
  ownLinkLife: 3600,
} as const;

export const LIMITS = {
  codeTries: 5,
  /** Deliveries of one code: the job may be repeated, not multiplied. */
  sends: 5,
  /** Per authorization and day. */
  challenges: 5,
  /** Those that send nothing, per authorization and day. */
  silentChallenges: 20,
  /** Passkeys a subject may register in a day. */
  registrations: 5,
  /** A day: refusals of one check per letter or set, and questions to providers in all per person. */
  identityMismatches: 3,
  identityQuestions: 30,
  /** Per phone number and day. */
  challengesPerPhone: 10,
  /** Whole system, per minute: a breaker, not a quota. */
  challengesPerMinute: 3000,
  /** An hour: per institution; of one, and of all, per block of ten thousand numbers. */
  challengesPerInstitution: 50_000,
  challengesPerInstitutionPrefix: 600,
  challengesPerPrefix: 6000,
  /** Per address, and per browser behind it, and hour; many people share one address behind a carrier's NAT. */
  codesPerAddress: 6000,
  codesPerDevice: 3000,
  /**
   * Codes of this hour and the last from which on somebody must have answered: below `answeredPercent` no more go
   * out: for the institution; for its codes to the block of numbers; for all institutions' to the block, from more
   * on than two of them can send in two hours.
   */
  unansweredInstitution: 500,
  unansweredInstitutionPrefix: 200,
  unansweredPrefix: 3000,
  answeredPercent: 10,
  /** Reports of carriers, all together, a minute. */
  smsReceiptsPerMinute: 6000,
  /** Gate tries a day: per link or ticket, with what was handed over from it, and over all those of a letter or set. */
  gateTries: 6,
  gateTriesPerLetter: 30,
  /** Pauses of one person remembered in a week from letters of one institution: "someone is telling me". */
  pausesPerInstitution: 5,
  /** Changed choices per authorization and day. */
  presentations: 30,
  /**
   * Tries to come in by letter number: per number and address a day, per number a week from everywhere, per
   * address and hour, in all per minute.
   */
  enterTries: 6,
  enterTriesPerNumber: 20,
  enterTriesPerAddress: 60,
  enterTriesPerMinute: 600,
  /** Of all keys of an institution, per minute, where nothing else was agreed. */
  requestsPerInstitution: 6000,
  /** Per address and minute; many people share one behind a carrier's NAT. */
  opensPerAddress: 1200,
  tokensPerAddress: 1200,
  statusesPerAddress: 6000,
  ordersPerAddress: 600,
  verificationsPerAddress: 120,
  /** Deliveries an institution may ask for once more in an hour; a missed day is read from the list of events. */
  webhookResends: 600,
  /** Full pages one frame may ask for: its tap may be repeated, not multiplied. */
  handOvers: 5,
  /**
   * Tries to enter "my authorizations": per number and per person a day, from one address and from all; of those
   * that get a message, per person with their number a day; in all per minute.
   */
  ownPerPhoneHere: 5,
  ownPerPersonHere: 5,
  ownPerPhone: 30,
  ownPerPerson: 30,
  ownSends: 5,
  ownPerMinute: 600,
  /** Per address and hour: tries to enter, and answers. */
  ownEntriesPerAddress: 60,
  ownAnswersPerAddress: 600,
  /** Pictures of identity documents: an institution's in an hour, a subject's of one authorization in a day. */
  idImagesPerInstitution: 600,
  idImagesPerOwn: 10,
  /** Reports a subject may have made of one authorization in a day. */
  ownReports: 10,
} as const;

export const startOfWeek = (at: Date): Date =>
  new Date(Math.floor(at.getTime() / 604_800_000) * 604_800_000);
export const startOfDay = (at: Date): Date =>
  new Date(Math.floor(at.getTime() / 86_400_000) * 86_400_000);
export const startOfHour = (at: Date): Date =>
  new Date(Math.floor(at.getTime() / 3_600_000) * 3_600_000);
export const startOfMinute = (at: Date): Date =>
  new Date(Math.floor(at.getTime() / 60_000) * 60_000);
