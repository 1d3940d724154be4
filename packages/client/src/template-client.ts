import { pathOf, type ApiCalls, type Once } from './api-calls.js';
import type * as api from './types.js';

/** One version of a template. */
type Version = Pick<api.Template, 'id' | 'version'>;

const at = ({ id, version }: Version, ...rest: string[]): string =>
  pathOf('templates', id, 'versions', version, ...rest);

/** Templates: written by one person, published by another. What stands in one says the API reference. */
export class TemplateClient {
  constructor(private readonly calls: ApiCalls) {}

  /** One row per version. */
  list(): Promise<readonly api.Template[]> {
    return this.calls.items('/v1/templates');
  }

  /** The newest version, or that one, with its body. */
  read(id: string, version?: number): Promise<api.TemplateWithBody> {
    return this.calls.get(version === undefined ? pathOf('templates', id) : at({ id, version }));
  }

  /** A new template: version 1, a draft. */
  create(body: unknown, once?: Once): Promise<api.NewTemplateVersion> {
    return this.calls.post('/v1/templates', body, once);
  }

  /** The next version, a draft; what is published goes on being used until it is published, too. */
  addVersion(id: string, body: unknown, once?: Once): Promise<api.NewTemplateVersion> {
    return this.calls.post(pathOf('templates', id, 'versions'), body, once);
  }

  /** What lies in review is a draft again. */
  rewriteDraft(version: Version, body: unknown): Promise<api.Template> {
    return this.calls.put(at(version), body);
  }

  /** Hands a draft to a reviewer, with the reference of its impact assessment. */
  submit(version: Version, body: { assessment?: string } = {}, once?: Once): Promise<api.Template> {
    return this.calls.post(at(version, 'submit'), body, once);
  }

  /** Publishes what was submitted: with the key of a person who did not write on it. */
  approve(
    version: Version,
    body: { assessment?: string; waivers?: readonly api.Waiver[] } = {},
    once?: Once,
  ): Promise<api.Template> {
    return this.calls.post(at(version, 'approve'), body, once);
  }

  /** Lets pass what a newer rule pack finds in a published version: with the key of a second person. */
  waive(version: Version, waiver: api.Waiver, once?: Once): Promise<api.Template> {
    return this.calls.post(at(version, 'waivers'), waiver, once);
  }

  /** No new letter under it; what was signed stays as it is. */
  retire(version: Version, once?: Once): Promise<api.Template> {
    return this.calls.post(at(version, 'retire'), {}, once);
  }

  /** What the newest rule pack finds, also in what was published. */
  findings(version: Version): Promise<api.TemplateFindings> {
    return this.calls.get(at(version, 'findings'));
  }

  /** A letter for a made-up person, PDF, marked as a sample. */
  preview(version: Version, language: 'zh' | 'en' = 'zh'): Promise<Uint8Array> {
    return this.calls.bytes(at(version, 'preview'), { language });
  }

  /** What differs; without numbers the newest version and the one before it. */
  async diff(
    id: string,
    between: { from?: number; to?: number } = {},
  ): Promise<readonly api.TemplateChange[]> {
    const path = pathOf('templates', id, 'diff');
    return (await this.calls.get<{ items: api.TemplateChange[] }>(path, between)).items;
  }
}
