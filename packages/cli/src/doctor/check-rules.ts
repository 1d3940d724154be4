import { inspectRules } from '@mandate/store';
import { fault, ok, reasonOf, skipped, type Check } from './finding.js';

const list = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join('; ')}; ${names.length - 5} more` : names.join('; ');

/** What decides in the database (functions, triggers, constraints, tables of rules) against a fresh one of this build. */
export const checkRules: Check = async ({ ownerUrl, clock, random }) => {
  if (!ownerUrl) return [skipped('rules', 'without the database')];
  try {
    const seen = await inspectRules(ownerUrl, { clock, random });
    if (!seen)
      return [
        skipped('rules', 'this login may not make the fresh database to compare with (CREATEDB)'),
      ];
    const { missing, added } = seen;
    if (missing.length === 0 && added.length === 0)
      return [ok('rules', 'functions, triggers, constraints and tables of rules as released')];
    const changed = missing.filter((rule) => added.includes(rule));
    const gone = missing.filter((rule) => !changed.includes(rule));
    const extra = added.filter((rule) => !changed.includes(rule));
    const parts = [
      ...(changed.length > 0 ? [`changed: ${list(changed)}`] : []),
      ...(gone.length > 0 ? [`missing: ${list(gone)}`] : []),
      ...(extra.length > 0 ? [`not ours: ${list(extra)}`] : []),
    ];
    return [
      fault(
        'rules',
        parts.join('; '),
        'put them back as the migrations make them; find out who changed them and what was written meanwhile (see record)',
      ),
    ];
  } catch (error) {
    return [
      fault('rules', `cannot be compared: ${reasonOf(error)}`, 'see database and migrations above'),
    ];
  }
};
