import { MANIFEST, readZip, SEAL, writeZip } from '@mandate/evidence';

/** Puts changed parts into a container and leaves manifest and seal as they are. */
export function rezip(bundle: Uint8Array, parts: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const old = new Map(readZip(bundle));
  const entries = new Map<string, Uint8Array>([
    ...parts,
    [MANIFEST, old.get(MANIFEST)!],
    [SEAL, old.get(SEAL)!],
  ]);
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return writeZip([['mimetype', old.get('mimetype')!], ...sorted]);
}
