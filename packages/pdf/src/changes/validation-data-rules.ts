import { isKind, isName, type PdfDict, type PdfObject } from '../values.js';
import { keyOf, type Comparison, type Place } from './comparison.js';

const LISTS = ['Certs', 'OCSPs', 'CRLs'];
const VRI_LISTS = ['Cert', 'OCSP', 'CRL'];

/**
 * The document security store (ETSI EN 319 142-1 §5.4.2). What is in it proves itself, so it may grow and
 * be rewritten; but it must stay of its form, and what was recorded for a signature must not vanish.
 */
export function compareValidationData(
  comparison: Comparison,
  oldCatalog: PdfDict,
  catalog: PdfDict,
  parent: Place,
): void {
  const value = catalog.entries.get('DSS');
  const place: Place = {
    object: keyOf(value) || parent.object,
    path: `${parent.path}/DSS`,
    class: 'validation-data',
  };
  const old = comparison.old(oldCatalog.entries.get('DSS'));
  const now = comparison.new(value);
  if (old === null && now === null) return;
  const fits =
    isKind(now, 'dict') && isStore(comparison, now) && keepsRecords(comparison, old, now);
  comparison.equal(oldCatalog.entries.get('DSS'), value, place, fits ? 'always' : 'never');
}

function isStore(comparison: Comparison, store: PdfDict): boolean {
  return [...store.entries].every(([key, value]) => {
    if (LISTS.includes(key)) return isStreams(comparison, value);
    if (key === 'Type') return isName(comparison.new(value), 'DSS');
    if (key !== 'VRI') return false;
    const records = comparison.new(value);
    return (
      isKind(records, 'dict') &&
      [...records.entries].every(
        ([name, record]) => name === 'Type' || isRecord(comparison, comparison.new(record)),
      )
    );
  });
}

const isStreams = (comparison: Comparison, value: PdfObject): boolean => {
  const list = comparison.new(value);
  return (
    isKind(list, 'array') &&
    list.items.every((item) => isKind(item, 'ref') && isKind(comparison.new(item), 'stream'))
  );
};

const isRecord = (comparison: Comparison, record: PdfObject): boolean =>
  isKind(record, 'dict') &&
  [...record.entries].every(([key, value]) => {
    if (VRI_LISTS.includes(key)) return isStreams(comparison, value);
    if (key === 'Type') return isName(comparison.new(value), 'VRI');
    if (key === 'TU') return isKind(comparison.new(value), 'string');
    return key === 'TS' && isKind(comparison.new(value), 'stream');
  });

function keepsRecords(comparison: Comparison, old: PdfObject, now: PdfDict): boolean {
  const was = isKind(old, 'dict') ? comparison.old(old.entries.get('VRI')) : null;
  const is = comparison.new(now.entries.get('VRI'));
  if (!isKind(was, 'dict')) return true;
  return isKind(is, 'dict') && [...was.entries.keys()].every((key) => is.entries.has(key));
}
