import { openKeyFolder } from '@mandate/adapters';
import { folderOfUrl, type Config } from '@mandate/runtime';
import { inspectStaff, type StaffProblem } from '@mandate/store';
import { fault, ok, reasonOf, skipped, warning, type Check } from './finding.js';

/** So many places are named of each kind of problem. */
const NAMED = 3;
const FIND_OUT =
  'close the accounts concerned, compare with the newest backup and the personnel office’s papers, and find out who wrote';
const WORDS: Readonly<Record<StaffProblem['code'], string>> = {
  'register-broken': 'entries of the register of changes do not follow from each other',
  'not-vouched-for': 'rows that neither role vault nor the staff command wrote',
  unexplained: 'accounts or ways in that stand otherwise than the register of changes says',
};

/** People of the disputes desk against the register of what was done to their accounts, and what is due. */
export const checkPeople: Check = async ({ ownerUrl, config, clock }) => {
  if (!ownerUrl) return [skipped('people', 'without the database')];
  try {
    const vaultSecret = await secretOf(config);
    const { accounts, changes, problems } = await inspectStaff(ownerUrl, {
      ...{ vaultSecret, at: clock.now() },
    });
    const codes = [...new Set(problems.map(({ code }) => code))];
    const found = codes.map((code) => {
      const places = problems.filter((it) => it.code === code).map(({ at }) => at);
      const more = places.length > NAMED ? ` and ${places.length - NAMED} more` : '';
      return fault(
        'people',
        `${WORDS[code]}: ${places.slice(0, NAMED).join(', ')}${more}`,
        FIND_OUT,
      );
    });
    if (found.length > 0) return found;
    const seen = `${accounts} accounts of the desk, ${changes} changes of them`;
    return [
      vaultSecret || accounts === 0
        ? ok('people', `${seen}, all agree`)
        : warning(
            'people',
            `${seen} agree; whether those who may wrote them cannot be seen from here`,
            'run the doctor once where KEYS_URL_VAULT can be read',
          ),
    ];
  } catch (error) {
    return [
      fault(
        'people',
        `cannot be looked at: ${reasonOf(error)}`,
        'see database and migrations above',
      ),
    ];
  }
};

async function secretOf({ keysUrls }: Config): Promise<Uint8Array | null> {
  return openKeyFolder(folderOfUrl(keysUrls.vault))
    .secret('wrapping')
    .catch(() => null);
}
