import type { ElementHandle, Frame, Page } from 'playwright-core';

/**
 * A frame where `steps` expects a page. In a frame a tap counts a moment later, when the browser has
 * vouched that its target was wholly in sight; so everything is brought into the middle first, and a
 * box is ticked a moment after it was tapped.
 */
export const inFrame = (frame: Frame): Page =>
  new Proxy(frame, {
    get: (target, name) => {
      if (name === '$$')
        return async (selector: string) => (await target.$$(selector)).map(withPatience);
      if (name === 'click')
        return async (selector: string) => tap(await target.waitForSelector(selector));
      const member = Reflect.get(target, name) as unknown;
      return typeof member === 'function' ? member.bind(target) : member;
    },
  }) as unknown as Page;

async function tap(handle: ElementHandle<Element>): Promise<void> {
  await handle.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  await new Promise((resolve) => setTimeout(resolve, 250));
  await handle.click();
}

const withPatience = (handle: ElementHandle<Element>) =>
  Object.assign(handle, {
    check: async (): Promise<void> => {
      if (await handle.isChecked()) return;
      await tap(handle);
      for (let round = 0; round < 50; round++) {
        if (await handle.isChecked()) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error('the tap did not count');
    },
  });
