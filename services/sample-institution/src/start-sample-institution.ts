import { listen, type Listening } from '@mandate/runtime';
import { createSampleInstitution, type SampleOptions } from './app.js';

export type { SampleOptions } from './app.js';

/** Serves the sample on the port of `ownUrl`. Throws `already-running` when it is taken. */
export const startSampleInstitution = (options: SampleOptions, host: string): Promise<Listening> =>
  listen(createSampleInstitution(options), Number(new URL(options.ownUrl).port), host);
