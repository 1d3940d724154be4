/** What kind of thing a later revision changed. */
export type ChangeClass =
  | 'coverage'
  | 'trailer'
  | 'catalogue'
  | 'page-tree'
  | 'page'
  | 'annotation'
  | 'form'
  | 'form-field'
  | 'appearance'
  | 'signature-field'
  | 'signature'
  | 'document-timestamp'
  | 'validation-data'
  | 'metadata'
  | 'extensions'
  | 'structure'
  | 'broken-object';

/**
 * What permits a change: `always` is long-term maintenance (ETSI EN 319 142-1 §5.4, ISO 32000-2 §12.8.2.2
 * allow it whatever DocMDP says), `fill` form filling and signing (DocMDP P ≥ 2), `annotate` P = 3.
 */
export type Permission = 'always' | 'fill' | 'annotate' | 'never';

/** One difference between a revision and the one before it. */
export interface Difference {
  /** The later revision; 0 is the oldest. */
  readonly revision: number;
  /** Nearest indirect object, `12 0`, or `trailer`. */
  readonly object: string;
  /** From the trailer on, e.g. `/Root/Pages/Kids[0]/Contents`. */
  readonly path: string;
  readonly class: ChangeClass;
  readonly permission: Permission;
  /** Full name of the form field it belongs to, for FieldMDP. */
  readonly field?: string;
}

/** A difference as seen from one signature. */
export interface Change extends Omit<Difference, 'permission'> {
  readonly allowed: boolean;
}
