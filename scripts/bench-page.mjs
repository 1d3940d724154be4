import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import './typescript.mjs';

/** A phone of some years ago on an ordinary mobile network. */
const NETWORK = {
  offline: false,
  latency: 170,
  downloadThroughput: 9_000_000 / 8,
  uploadThroughput: 1_000_000 / 8,
};
const CPU_SLOWDOWN = 4;
/** What the first view may cost: bytes on the wire before the letter's view, milliseconds to the first step. */
const TARGET = { bytes: 100_000, milliseconds: 1500 };

/**
 * The first view of the signing page in Chromium, from a link to the first step that can be acted on
 * (performance mark `mandate-ready`), on a slow phone and network, nothing cached; and every byte that
 * came before the letter's view. The network is Chromium's emulation: its latency is added to every
 * request, connections cost nothing more.
 */
export async function bench({ args, say }) {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: 'boolean' },
      runs: { type: 'string', default: '5' },
      trace: { type: 'boolean' },
    },
  });
  const { startService } = await import('../test/browser/started-service.ts');
  const { launchBrowser } = await import('../test/browser/visitor.ts');
  const [service, browser] = [await startService(), await launchBrowser()];
  try {
    await visit(service, browser, 'zh'); // the server's own first time is not the phone's
    const views = [];
    for (let run = 0; run < Number(values.runs); run++) {
      const view = await visit(service, browser, run % 2 ? 'en' : 'zh');
      if (values.trace)
        for (const { path, start, end, bytes } of view.requests)
          say(`  ${start.toFixed(0)}–${end.toFixed(0)} ms  ${bytes} B  ${path}`);
      if (values.trace) say(JSON.stringify(view.cpu));
      say(
        `ready after ${view.ready.toFixed(0)} ms; ${view.readyBytes} bytes until then, ` +
          `${view.bytes} before the letter's view (load average ${loadavg()[0].toFixed(1)})`,
      );
      views.push(view);
    }
    const ready = median(views.map((view) => view.ready));
    const bytes = Math.max(...views.map((view) => view.bytes));
    say(
      `median of ${views.length}: ready after ${ready.toFixed(0)} ms ` +
        `(target ${TARGET.milliseconds}), ${bytes} bytes (target ${TARGET.bytes})`,
    );
    return {
      'page-ready-milliseconds': Math.round(ready),
      'page-bytes-before-letter': bytes,
      'load-average': Number(loadavg()[0].toFixed(2)),
    };
  } finally {
    await browser.close();
    await service.stop();
  }
}

/** One subject's first view and the key terms after it; a browser profile of its own. */
async function visit(service, browser, language) {
  const { link, subject } = await service.request({ language });
  const context = await browser.newContext({
    viewport: { width: 360, height: 740 },
    locale: language === 'zh' ? 'zh-CN' : 'en-US',
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  await devtools.send('Network.emulateNetworkConditions', NETWORK);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
  const started = new Map();
  const requests = [];
  devtools.on('Network.requestWillBeSent', ({ requestId, request, timestamp }) => {
    const { pathname, protocol } = new URL(request.url);
    if (protocol.startsWith('http')) started.set(requestId, { path: pathname, from: timestamp });
  });
  devtools.on('Network.loadingFinished', ({ requestId, timestamp, encodedDataLength }) => {
    const request = started.get(requestId);
    if (!request) return;
    const zero = started.values().next().value.from;
    const [start, end] = [request.from, timestamp].map((at) => (at - zero) * 1000);
    requests.push({ path: request.path, start, end, bytes: encodedDataLength });
  });
  const bytes = () => requests.reduce((sum, request) => sum + request.bytes, 0);

  await page.goto(link, { waitUntil: 'commit' });
  const ready = await page.evaluate(
    () =>
      new Promise((done) => {
        const look = () => {
          const [mark] = performance.getEntriesByName('mandate-ready');
          if (mark) done(mark.startTime);
          else setTimeout(look, 50);
        };
        look();
      }),
  );
  const readyBytes = bytes();
  const { metrics } = await devtools.send('Performance.getMetrics');
  const { TaskDuration, ScriptDuration, LayoutDuration, RecalcStyleDuration } = Object.fromEntries(
    metrics.map(({ name, value }) => [name, value * 1000]),
  );
  await page.fill('#last-six', subject.idNumber.slice(-6));
  await page.click('[data-step=gate] button[type=submit]');
  await page.waitForSelector('[data-step=terms] h1');
  const before = {
    cpu: { TaskDuration, ScriptDuration, LayoutDuration, RecalcStyleDuration },
    ready,
    readyBytes,
    bytes: bytes(),
    requests: [...requests],
  };
  await context.close();
  return before;
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
