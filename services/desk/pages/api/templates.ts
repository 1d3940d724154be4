import { agree } from './agreements.js';
import type { DeskClient } from '../desk-client.js';
import type { JsonSchema } from '../ui/template-shape.js';

export interface Waiver {
  readonly rule: string;
  readonly path: string;
  readonly reason: string;
}
interface Person {
  readonly person: string;
  readonly name: string | null;
}
export interface TemplateVersion {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly digest: string;
  readonly status: 'draft' | 'in-review' | 'published' | 'retired';
  readonly authors: readonly Person[];
  /** Whoever asks wrote on it. */
  readonly mine: boolean;
  readonly approver: Person | null;
  readonly assessment: string | null;
  readonly lintPack: string | null;
  readonly waivers: readonly Waiver[];
  readonly open: readonly { readonly rule: string; readonly path: string }[];
  readonly refusedFrom: string | null;
  readonly createdAt: string;
  readonly submittedAt: string | null;
  readonly publishedAt: string | null;
  readonly retiredAt: string | null;
}
export interface LintFinding {
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly article: string;
  readonly message: { readonly zh: string; readonly en: string };
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly excerpt: string;
}
export type TemplateText = Readonly<Record<string, unknown>>;
export interface TemplateDetail extends TemplateVersion {
  readonly body: TemplateText;
  readonly pack: string;
  readonly findings: readonly LintFinding[];
}
export interface TemplateFault {
  readonly path: string;
  readonly code: TemplateFaultCode;
}
export type TemplateFaultCode =
  | 'missing'
  | 'format'
  | 'too-long'
  | 'too-many'
  | 'too-few'
  | 'too-large'
  | 'too-small'
  | 'no-choice'
  | 'unknown'
  | 'character'
  | 'repeated'
  | 'none-necessary'
  | 'measures'
  | 'credit-code'
  | 'wrong';
export interface Linted {
  readonly invalid: string | null;
  /** The same, each with its place. */
  readonly faults: readonly TemplateFault[];
  readonly pack: string;
  readonly items: readonly LintFinding[];
}
export interface Difference {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

const of = (institution: string): string => `institution=${institution}`;

/** Templates of one institution, as one person sees them. */
export const templatesOf = (client: DeskClient, institution: string) => {
  const version = (id: string, number: number | string): string =>
    `/templates/${id}/versions/${number}`;
  const named = ({ id, version: number }: TemplateVersion) => ({
    ...{ act: 'template' as const, institutionId: institution, template: id, version: number },
  });
  return {
    list: (): Promise<{ readonly items: readonly TemplateVersion[] }> =>
      client.get(`/templates?${of(institution)}`),
    read: (id: string, number: number | string): Promise<TemplateDetail> =>
      client.get(`${version(id, number)}?${of(institution)}`),
    create: (body: TemplateText): Promise<TemplateVersion> =>
      client.post(`/templates?${of(institution)}`, { body }),
    addVersion: (id: string, body: TemplateText): Promise<TemplateVersion> =>
      client.post(`/templates/${id}/versions?${of(institution)}`, { body }),
    rewrite: (
      { id, version: number, digest }: TemplateVersion,
      body: TemplateText,
    ): Promise<TemplateVersion> =>
      client.put(`${version(id, number)}?${of(institution)}`, { body, digest }),
    submit: ({ id, version: number }: TemplateVersion, assessment: string) =>
      client.post<TemplateVersion>(`${version(id, number)}/submission?${of(institution)}`, {
        ...(assessment ? { assessment } : {}),
      }),
    approve: (
      it: TemplateVersion,
      given: { readonly assessment: string; readonly waivers: readonly Waiver[] },
      sentence: string,
    ): Promise<TemplateVersion> => {
      const { waivers } = given;
      const body = {
        ...{ digest: it.digest, waivers },
        ...(given.assessment ? { assessment: given.assessment } : {}),
      };
      const path = `${version(it.id, it.version)}/approval?${of(institution)}`;
      return agree(client, { asked: { ...named(it), ...body }, path, body, sentence });
    },
    waive: (it: TemplateVersion, waiver: Waiver, sentence: string): Promise<TemplateVersion> =>
      agree(client, {
        asked: { ...named(it), digest: it.digest, waivers: [waiver] },
        path: `${version(it.id, it.version)}/waivers?${of(institution)}`,
        body: { ...waiver, digest: it.digest },
        sentence,
      }),
    retire: ({ id, version: number }: TemplateVersion) =>
      client.post<TemplateVersion>(`${version(id, number)}/retirement?${of(institution)}`),
    differences: (
      id: string,
      from: number,
      to: number,
    ): Promise<{
      readonly from: number;
      readonly to: number;
      readonly items: readonly Difference[];
    }> => client.get(`/templates/${id}/differences?${of(institution)}&from=${from}&to=${to}`),
    /** The sample letter, PDF; of the text, where one is given that is not saved. */
    preview: (
      { id, version: number }: TemplateVersion,
      language: 'zh' | 'en',
      body?: TemplateText,
    ) =>
      body
        ? client
            .file(`${version(id, number)}/preview?${of(institution)}`, { body, language })
            .then(({ bytes }) => bytes)
        : client.bytes(`${version(id, number)}/preview?${of(institution)}&language=${language}`),
  };
};
export type Templates = ReturnType<typeof templatesOf>;

export const lint = (client: DeskClient, body: TemplateText): Promise<Linted> =>
  client.post('/template-findings', { body });
export const sampleTemplates = (
  client: DeskClient,
): Promise<{ readonly items: readonly TemplateText[] }> => client.get('/template-samples');
export const templateSchema = (client: DeskClient): Promise<JsonSchema> =>
  client.get('/template-form');
