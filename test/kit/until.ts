/** What `ask` finds, as soon as it finds something; asked ten times a second, for at most 15 seconds. */
export async function until<T>(ask: () => Promise<T | undefined | false | null>): Promise<T> {
  for (let round = 0; round < 150; round++) {
    const got = await ask();
    if (got) return got;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('waited in vain');
}
