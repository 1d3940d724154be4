// What a run of jest with `--json --outputFile` and the browser suite's inspections come to.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const read = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

/** Tests passed and failed; each that failed is told. */
export function testResults(file) {
  const files = JSON.parse(read(file) || '{"testResults":[]}').testResults;
  let [passed, failed] = [0, 0];
  for (const { name, status, assertionResults } of files) {
    const of = (wanted) => assertionResults.filter((it) => it.status === wanted);
    // a file that could not even be loaded has no results, and failed
    if (status === 'failed' && assertionResults.length === 0) {
      failed++;
      console.log(`FAILED ${basename(name)}: it could not be run`);
    }
    passed += of('passed').length;
    failed += of('failed').length;
    for (const { fullName } of of('failed')) console.log(`FAILED ${basename(name)}: ${fullName}`);
  }
  return { passed, failed };
}

/** Files of a run, the longest first: seconds, and how many tests. */
export const filesOf = (file) =>
  JSON.parse(read(file) || '{"testResults":[]}')
    .testResults.map(({ name, startTime, endTime, assertionResults }) => ({
      ...{ name, tests: assertionResults.length },
      seconds: Math.round((endTime - startTime) / 1000),
    }))
    .sort((a, b) => b.seconds - a.seconds);

/** One object for each line. */
export const linesOf = (file) =>
  read(file)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
