import type { FilingFileRow, ReportFileRow, ReportItemRow } from '@mandate/ceremony';
import { storedBundle } from '@mandate/ceremony';
import { filedAs, itemsOf } from './filing-index.js';
import { BUNDLE_FILE, keptFile } from './kept-files.js';
import { bundleOf } from './make-one.js';
import type { ReportDeps, ReportFacts } from './report-deps.js';
import type { StreamedEntry } from './zip-stream.js';

/** Openings asked for ahead of the file that is being sent: they share rounds of the ledger. */
const AHEAD = 12;

type Item = ReportItemRow & { readonly files: readonly ReportFileRow[] };

/** One file of a report in the clear; the bundle is cut from the stored one. Throws `object-corrupt`, `object-missing`. */
export async function fileOf(
  deps: Pick<ReportDeps, 'objects' | 'record'>,
  item: ReportItemRow,
  file: ReportFileRow,
  dataKey: Uint8Array,
): Promise<Uint8Array> {
  if (file.name !== BUNDLE_FILE) return keptFile(deps, dataKey, item.reportId!, file);
  const stored = await storedBundle(deps, item.authorizationId, dataKey);
  return bundleOf(stored, JSON.parse(item.facts!) as ReportFacts);
}

/**
 * The filing of a job: its list of evidence, then each report's files in a folder named by its letter. `open` gives an
 * authorization's data key and is asked once for each whose files are really sent, a few ahead.
 */
export async function filingEntries(
  deps: Pick<ReportDeps, 'objects' | 'record' | 'jobs'>,
  jobId: string,
  open: (authorizationId: string) => Promise<Uint8Array>,
): Promise<StreamedEntry[]> {
  const index = await deps.jobs.filing(jobId);
  const items: Item[] = [];
  for await (const item of itemsOf(deps.jobs, jobId)) if (item.files.length > 0) items.push(item);
  const keys = new Map<number, Promise<Uint8Array>>();
  const keyOf = (at: number): Promise<Uint8Array> => {
    for (let i = at; i < Math.min(at + AHEAD, items.length); i++)
      if (!keys.has(i)) {
        const key = open(items[i]!.authorizationId);
        // Heard where it is waited for.
        key.catch(() => undefined);
        keys.set(i, key);
      }
    keys.delete(at - 1);
    return keys.get(at)!;
  };
  return [
    ...index.map(entryOf),
    ...items.flatMap((item, at) =>
      item.files.map((file) => ({
        name: filedAs(item.letterNumber, file.name),
        ...{ size: file.size, crc: file.crc },
        ready: () => keyOf(at),
        bytes: async () => fileOf(deps, item, file, await keyOf(at)),
      })),
    ),
  ];
}

const entryOf = ({ name, bytes, crc }: FilingFileRow): StreamedEntry => ({
  ...{ name, size: bytes.length, crc },
  bytes: async () => bytes,
});
