import type { Clock } from '@mandate/core';
import { renderSample } from '@mandate/letter';
import { parseTemplate, sampleTerms, type Language } from '@mandate/terms';
import type { Institution } from '../ports.js';
import type { TemplateRow } from '../ports/template.js';

/** A letter under this version for a made-up person: marked on every page, not signable, stored nowhere. */
export async function previewTemplate(
  deps: { readonly clock: Clock; readonly publicUrl: string },
  input: { institution: Institution; template: TemplateRow; language: Language },
): Promise<Uint8Array> {
  const { institution, template, language } = input;
  const body = parseTemplate(JSON.parse(template.body));
  const { id: _, ...party } = institution;
  const terms = sampleTerms({
    template: { id: template.id, version: template.version, digest: template.digest, body },
    institution: party,
    language,
    publicUrl: deps.publicUrl,
    now: deps.clock.now(),
  });
  return renderSample(terms, body.title[language]);
}
