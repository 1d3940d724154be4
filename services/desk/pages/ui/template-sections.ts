/** Parts of the form, in the order in which a template is thought out, with the members that stand in each. */
export const TEMPLATE_SECTIONS = {
  letter: ['name', 'title'],
  purpose: ['purpose', 'act'],
  data: ['items'],
  sources: ['sources'],
  recipients: ['recipients'],
  uses: ['limits'],
  plain: ['plain'],
  processing: ['method', 'automatedDecision', 'retention'],
  rights: ['refusal', 'rights', 'withdrawal', 'electronic'],
  clauses: ['clauses'],
  signing: ['policy'],
} as const;
export type TemplateSection = keyof typeof TEMPLATE_SECTIONS;
