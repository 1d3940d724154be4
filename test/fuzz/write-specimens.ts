/**
 * Makes the specimens in the repository anew: `npm run fuzz -- --make-specimens`. Needed when the profile of
 * letters has changed, so that they no longer pass. They are committed because keys and signatures
 * are random, and a seed is only worth something with the bytes it was used on.
 */
import { writeFileSync } from 'node:fs';
import { makeSpecimens } from './make-specimens.js';

for (const [name, bytes] of await makeSpecimens())
  writeFileSync(new URL(`specimens/${name}`, import.meta.url), bytes);
