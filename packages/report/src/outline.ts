import type { PageFlow } from '@mandate/letter';
import type { PartId, PartWords } from './words/part-words.js';

/** Where a part of the paper begins. */
export interface Part {
  readonly id: PartId;
  readonly title: string;
  /** 1-based. */
  readonly page: number;
}

/**
 * Numbers the parts as they are drawn and remembers their pages. The paper is drawn twice: the first time finds the
 * pages that its list of contents and its list of evidence name the second time.
 */
export class Outline {
  readonly parts: Part[] = [];

  constructor(
    private readonly words: PartWords,
    /** Parts of the drawing before; empty on the first. */
    readonly known: readonly Part[],
  ) {}

  /** `keepWith` is the height that must follow on the same page, in points. */
  begin(flow: PageFlow, id: PartId, keepWith = 60): void {
    const title = `${this.words.partNumber(this.parts.length + 1)}${this.words.parts[id]}`;
    flow.heading(title, keepWith);
    this.parts.push({ id, title, page: flow.pages.length });
  }

  /** `00` until it is known: as wide as most. */
  pageOf(id: PartId): string {
    return String(this.known.find((part) => part.id === id)?.page ?? '00');
  }
}
