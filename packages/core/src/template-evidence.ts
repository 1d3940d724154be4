/**
 * How the template version of a letter came about, as it stood when the letter was made: a part of the evidence.
 * People are named by salted commitments (`personPseudonym`): who wrote and who approved can be told apart by
 * everybody, and opened by whoever holds the salt.
 */
export interface TemplateEvidence<Body extends object = object> {
  readonly format: 'mandate-template-record/v1';
  /** As in the terms. */
  readonly id: string;
  readonly version: number;
  readonly digest: string;
  /** The version as published; `digest` is its digest, so the terms that were signed name its policy, too. */
  readonly body: Body;
  /** Everybody who wrote on it, sorted. */
  readonly authors: readonly string[];
  readonly approver: string;
  /** Reference of the impact assessment (个人信息保护法 arts. 55, 56), kept by the institution. */
  readonly assessment: string;
  /** RFC 3339, UTC. */
  readonly publishedAt: string;
  readonly lint: {
    /** Edition of the rule pack it was published with, and the newest one that it was linted with since. */
    readonly pack: string;
    readonly newestPack: string;
    /** Errors that a second person let pass, in the order of path and rule. */
    readonly waivers: readonly {
      readonly rule: string;
      readonly path: string;
      readonly reason: string;
      readonly by: string;
    }[];
    /** Errors of the newest pack that nobody let pass: the letter was made within their grace. */
    readonly open: readonly { readonly rule: string; readonly path: string }[];
  };
}
