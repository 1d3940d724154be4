import { looksLikeBundle, looksLikeFiling } from '@mandate/evidence';
import type { Verification } from '../verification.js';
import { STATUS_LIST_TYPE } from './verify-status-list.js';

export type Kind = Verification['input']['kind'] | 'token';

/** What a file claims to be, by its first bytes. A claim binds it to the rules of its kind. */
export function kindOf(bytes: Uint8Array): Kind {
  if (looksLikeBundle(bytes)) return 'bundle';
  if (looksLikeFiling(bytes)) return 'filing';
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096));
  if (start.toString('latin1', 0, 5) === '%PDF-') return 'pdf';
  const text = start.toString('utf8');
  if (text.startsWith('c2sp.org/tlog-proof@')) return 'proof';
  if (text.startsWith('{')) return isReport(bytes) ? 'report' : 'unknown';
  const head = /^([A-Za-z0-9_-]{2,2000})\.[A-Za-z0-9_-]*(?:\.|$)/.exec(text)?.[1];
  if (head && text.startsWith('eyJ')) return isStatusList(head) ? 'status-list' : 'receipt';
  // origin, size and the beginning of a root: also of a note whose signatures were cut off
  if (/^[^\n]{1,500}\n\d{1,20}\n[A-Za-z0-9+/=]{1,100}(?:\n|$)/.test(text)) return 'checkpoint';
  // a DER sequence with a long length: a timestamp token, only ever beside something
  if (start[0] === 0x30 && start[1]! >= 0x81) return 'token';
  return 'unknown';
}

/** Canonical JSON puts members in order of their names: `format` comes late. Anything prettier claims it as well. */
const isReport = (bytes: Uint8Array): boolean =>
  /"format"\s*:\s*"mandate-report\//.test(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'),
  );

const isStatusList = (head: string): boolean =>
  Buffer.from(head, 'base64url').includes(`"${STATUS_LIST_TYPE}"`);
