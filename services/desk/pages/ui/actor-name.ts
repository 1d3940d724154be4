import type { Actor } from '../api/searches.js';
import type { SearchWords } from '../words/zh-search.js';

/** Who, in one word or name. */
export const actorName = ({ kind, id, name }: Actor, words: Pick<SearchWords, 'actors'>): string =>
  kind === 'subject'
    ? words.actors.subject
    : kind === 'service'
      ? words.actors.service
      : (name ?? id ?? words.actors.staff);
