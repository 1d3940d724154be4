/**
 * The link's token, taken out of the address bar before anything else runs: not in the history,
 * not in a screenshot of the bar, not in a shared link. Imported first by `signing.ts`.
 */
export function takeToken(): string | undefined {
  const token = decodeURIComponent(location.hash.slice(1));
  if (location.hash !== '') history.replaceState(null, '', location.pathname + location.search);
  if (token === '') return undefined;
  // A ticket's id stands in the path, its secret alone in the fragment.
  const [, ticket] = /^\/w\/(lnk_[0-9a-f-]{36})$/.exec(location.pathname) ?? [];
  return ticket === undefined ? token : `${ticket}.${token}`;
}

export const firstToken = takeToken();
