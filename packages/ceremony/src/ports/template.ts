import type { TemplateVersion } from './authorization.js';

export type TemplateStatus = 'draft' | 'in-review' | 'published' | 'retired';

/** A finding that the approver lets pass; it stands with the version for good. */
export interface Waiver {
  readonly rule: string;
  /** Where, as the finding says; a waiver is for one place. */
  readonly path: string;
  readonly reason: string;
}

/** Where an error stands; the words are the pack's. */
export interface LintError {
  readonly rule: string;
  readonly path: string;
}

/** A waiver of what a later pack found. */
export interface LaterWaiver extends Waiver {
  readonly waivedBy: string;
  /** The pack that found it. */
  readonly pack: string;
  readonly at: Date;
}

/** What the newest pack that came after the publication says of it. */
export interface Relint {
  readonly pack: string;
  readonly errors: readonly LintError[];
  readonly lintedAt: Date;
}

/** A template version with how it came about. */
export interface TemplateRow extends TemplateVersion {
  readonly status: TemplateStatus;
  /** Everybody who wrote on it. */
  readonly authors: readonly string[];
  /** Reference of the impact assessment (个人信息保护法 arts. 55, 56). */
  readonly assessment: string | null;
  readonly approver: string | null;
  readonly lintPack: string | null;
  readonly waivers: readonly Waiver[];
  readonly laterWaivers: readonly LaterWaiver[];
  /** Null: no pack has come since. */
  readonly lint: Relint | null;
  /** Hex; opens the commitments by which evidence names its people. */
  readonly personSalt: string;
  readonly createdAt: Date;
  readonly submittedAt: Date | null;
  readonly publishedAt: Date | null;
  readonly retiredAt: Date | null;
}

interface VersionKey {
  readonly id: string;
  readonly version: number;
}
interface Draft {
  readonly id: string;
  readonly body: string;
  readonly digest: string;
  readonly author: string;
  readonly at: Date;
}

/** Every step is one conditional UPDATE; false: the version is in another state by now. */
export interface TemplateRecord {
  /** Version 1, a draft. Throws `template-invalid` when the name is taken. */
  createTemplate(row: Draft & { institutionId: string; name: string }): Promise<void>;
  /** The next version, a draft. Throws `version-conflict`. */
  addTemplateVersion(row: Draft): Promise<number>;
  /** A draft or what lies in review becomes this draft; with `replaces` only while its text still has that digest. */
  rewriteDraft(
    row: VersionKey & Omit<Draft, 'at'> & { readonly replaces?: string },
  ): Promise<boolean>;
  /** Without a reference the one named before stays. */
  submitTemplate(row: VersionKey & { assessment: string | null; at: Date }): Promise<boolean>;
  /** `digest` is what was linted. Throws `template-own-work` by the database's own constraint. */
  publishTemplate(
    row: VersionKey & {
      digest: string;
      approver: string;
      assessment: string;
      lintPack: string;
      waivers: readonly Waiver[];
      at: Date;
    },
  ): Promise<boolean>;
  retireTemplate(row: VersionKey & { by: string; at: Date }): Promise<boolean>;
  /** The first waiver of a place stands. */
  addWaiver(row: VersionKey & LaterWaiver): Promise<void>;
  /** Kept by its digest for the bundles of letters that name it; again is fine. */
  keepEvidence(row: VersionKey & { digest: string; body: string }): Promise<void>;
  /** By id or name; newest version unless one is named. Null when the institution has no such template. */
  findTemplate(
    institutionId: string,
    idOrName: string,
    version?: number,
    status?: TemplateStatus,
  ): Promise<TemplateRow | null>;
  listTemplates(institutionId: string): Promise<readonly Omit<TemplateRow, 'body'>[]>;
}

/** What one of the desk's people said of a version, as role vault entered it. */
export interface TemplateVoteRow {
  readonly templateId: string;
  readonly version: number;
  readonly act: 'approve' | 'waive' | 'retire';
  /** Digest, 64 hex, of what exactly: `approvalSaid`, `waiverSaid`, `retirementSaid`. */
  readonly said: string;
  readonly staffId: string;
  readonly sessionId: string;
  readonly at: Date;
  /** The word of their authenticator; null for what only takes away. */
  readonly agreementId: string | null;
  readonly mac: Uint8Array;
}

/** Role vault: templates that people of the desk agree to. */
export interface TemplateVoteRecord extends Pick<TemplateRecord, 'findTemplate'> {
  /** Throws `illegal-transition`. */
  addTemplateVote(row: TemplateVoteRow): Promise<void>;
}

/** Role worker: newer packs over what was published. */
export interface RelintRecord {
  /** Published under another pack and not linted with this one. */
  unlinted(
    pack: string,
    limit: number,
  ): Promise<readonly { readonly id: string; readonly version: number; readonly body: string }[]>;
  /** Once for each version and pack; with errors the institution is told in the same transaction. */
  addLint(
    row: VersionKey & { pack: string; errors: readonly LintError[]; at: Date },
  ): Promise<void>;
  /** Published versions in which the newest pack finds errors that nobody waived. */
  failingTemplates(): Promise<number>;
}

export interface RegistryEntry {
  readonly id: string;
  readonly kind: 'source' | 'recipient';
  /** Unified social credit code. */
  readonly creditCode: string;
  readonly name: string;
  /** As letters in English spell it; null: none of them may name it. */
  readonly nameEn: string | null;
  readonly licence: string;
  /** Reference of the proof that its data are of lawful origin; null for recipients only. */
  readonly originProof: string | null;
  readonly reviewedAt: Date;
  /** It must have been looked at again by then: later no new letter names it. */
  readonly reviewBy: Date;
  /** End of the licence: later it is not used either, whatever was signed. */
  readonly validUntil: Date;
  readonly registrar: string;
  readonly approver: string;
  readonly registeredAt: Date;
}

export interface Combination {
  readonly source: string;
  readonly item: string;
  readonly purpose: string;
}

/** Who allowed or forbade what, when and why. */
export interface CombinationChange extends Combination {
  readonly allowed: boolean;
  readonly changedBy: string;
  readonly reason: string;
  readonly at: Date;
}

export interface RegistryReads {
  /** The newest entry of each party, all of a kind or those with these codes. */
  registryEntries(
    kind: RegistryEntry['kind'],
    creditCodes?: readonly string[],
  ): Promise<readonly RegistryEntry[]>;
  registryCombinations(sources?: readonly string[]): Promise<readonly Combination[]>;
  /** Oldest first. */
  combinationChanges(): Promise<readonly CombinationChange[]>;
}
