import { canonicalize, DomainError } from '@mandate/core';
import { parseTemplate, templateDigest } from '@mandate/terms';

/**
 * A further version's text as it is stored, with its digest. Throws `template-invalid`, also where it has another name
 * than its template: systems call it by that.
 */
export function keptName(
  json: unknown,
  { name }: { readonly name: string },
): { readonly body: string; readonly digest: string } {
  const template = parseTemplate(json);
  if (template.name !== name)
    throw new DomainError('template-invalid', 'a version keeps the name of its template');
  return { body: canonicalize(template), digest: templateDigest(template) };
}
