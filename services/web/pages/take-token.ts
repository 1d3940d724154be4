/**
 * The link's token, taken out of the address bar before anything else runs: not in the history,
 * not in a screenshot of the bar, not in a shared link. Imported first by `signing.ts`.
 */
export function takeToken(): string | undefined {
  const token = decodeURIComponent(location.hash.slice(1));
  if (location.hash !== '') history.replaceState(null, '', location.pathname + location.search);
  return token === '' ? undefined : token;
}

export const firstToken = takeToken();
