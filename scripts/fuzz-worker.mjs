// One worker of `npm run fuzz`: judges inputs one after another and always says which one it is at, so
// that whoever waits for it knows which input it hangs on.
import { parentPort, workerData } from 'node:worker_threads';
import './typescript.mjs';

const { fuzzer, isBug } = await import('../test/fuzz/run.ts');
const { kind, seed, from, count, place } = workerData;
const at = new Int32Array(place);
const tell = parentPort.postMessage.bind(parentPort);
const { run } = fuzzer(kind, seed);

let counts = {};
for (let index = from; index < from + count; index++) {
  Atomics.store(at, 0, index);
  const result = run(index);
  if (isBug(result)) tell({ bug: result });
  else counts[result] = (counts[result] ?? 0) + 1;
  if (index % 64 === 63) {
    tell({ counts });
    counts = {};
  }
}
tell({ counts, done: true });
