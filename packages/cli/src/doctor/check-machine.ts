import { open, stat } from 'node:fs/promises';
import { fault, ok, warning, type Finding } from './finding.js';

/** As `package.json` has it; Node 20.19 is the first with everything the services use. */
const LEAST_NODE = [20, 19] as const;
/** The letter's only font, where package `letter` keeps it. */
const FONT = new URL('../../../letter/fonts/NotoSansSC-Regular.ttf', import.meta.url);
const SFNT = new Set(['00010000', '4f54544f']);

/** Node itself and the letter's font. Needs no configuration. */
export async function checkMachine(
  node: string = process.versions.node,
  font: URL = FONT,
): Promise<readonly Finding[]> {
  return [checkNode(node), await checkFont(font)];
}

function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const enough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  return enough
    ? ok('node', `Node ${version}`)
    : fault('node', `Node ${version} is too old`, `install Node ${LEAST_NODE.join('.')} or newer`);
}

async function checkFont(font: URL): Promise<Finding> {
  try {
    const file = await open(font);
    try {
      const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
      if (!SFNT.has(buffer.toString('hex')))
        return fault('fonts', 'the letter’s font is no font file', 'restore packages/letter/fonts');
    } finally {
      await file.close();
    }
    const { size } = await stat(font);
    return size > 1_000_000
      ? ok(
          'fonts',
          `the letter’s font is there, ${Math.round(size / 1e6)} MB; the renderer compares its digest`,
        )
      : warning('fonts', 'the letter’s font is cut short', 'restore packages/letter/fonts');
  } catch {
    return fault(
      'fonts',
      'the letter’s font cannot be read',
      'restore packages/letter/fonts; without it no letter is rendered',
    );
  }
}
