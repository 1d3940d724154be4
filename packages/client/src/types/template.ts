export interface Template {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly digest: string;
  /** Only published versions can be requested. */
  readonly status: 'draft' | 'in-review' | 'published' | 'retired';
}

export interface TemplateWithBody extends Template {
  readonly body: Readonly<Record<string, unknown>>;
}

/** A version that was just written. */
export interface NewTemplateVersion {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly digest: string;
  readonly status: 'draft';
}

export interface TemplateFinding {
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly article: string;
  readonly message: { readonly zh: string; readonly en: string };
  readonly path: string;
  /** Where in the text at `path`. */
  readonly start: number;
  readonly end: number;
  readonly excerpt: string;
}

export interface TemplateFindings {
  /** Edition of the rule pack. */
  readonly pack: string;
  readonly items: readonly TemplateFinding[];
}

/** An absent side means new or gone. */
export interface TemplateChange {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** A finding that the approver lets pass, at one place. */
export interface Waiver {
  readonly rule: string;
  readonly path: string;
  readonly reason: string;
}
