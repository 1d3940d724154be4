import type { AgreementAsked, AgreementProof } from './agreements.js';

/** Approving templates, behind the door: who agreed to what is known by their session and by their own word. */
export interface TemplateDoor {
  /**
   * A template-approver's word: that a version in review is published as it was looked at, or, of a published one, that
   * what a newer rule pack finds is let pass (one waiver). What it does, the desk enters, as of `at`. Throws
   * `session-ended`, `not-found`, `forbidden`, `version-conflict` where another text lies there, `template-state`,
   * `template-own-work`, `assessment-missing`, `template-lint-failed`, `invalid-request` for a waiver of nothing,
   * `agreement-refused`.
   */
  agreeToTemplate(request: {
    secret: Uint8Array;
    agreed: Omit<Extract<AgreementAsked, { act: 'template' }>, 'act'>;
    proof: AgreementProof;
  }): Promise<{ person: string; at: string }>;
  /**
   * That a published version is used no more. It only takes away, so a session is enough. Throws `session-ended`,
   * `not-found`, `forbidden`, `template-state`.
   */
  retireTemplate(request: {
    secret: Uint8Array;
    institutionId: string;
    template: string;
    version: number;
  }): Promise<{ person: string; at: string }>;
}
