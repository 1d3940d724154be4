/** Milliseconds between looks at the clock: a timer alone would sleep with the machine. */
const LOOK_EVERY = 5000;

/**
 * Calls once that moment has come, by the server's clock; at once where it has. Without one never. The answer calls
 * it off.
 */
export function atMoment(
  client: { readonly now: () => number },
  moment: string | undefined,
  act: () => void,
): () => void {
  if (moment === undefined) return () => undefined;
  const timer = setInterval(look, LOOK_EVERY);
  const off = (): void => clearInterval(timer);
  look();
  return off;

  function look(): void {
    if (client.now() < Date.parse(moment!)) return;
    off();
    act();
  }
}
