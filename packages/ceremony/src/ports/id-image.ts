import type { AuthorizationRow } from './authorization.js';
import type { Party } from './stop.js';
import type { Recorded } from './use.js';

/** Why a picture of an identity document is kept: it was seen in person, a source demands it, its subject gave it. */
export const ID_IMAGE_REASONS = ['in-person', 'source-demand', 'provided'] as const;
export const ID_IMAGE_SIDES = ['front', 'back'] as const;
/** Why it was destroyed: its time was over, somebody asked, its authorization was over, all data were erased. */
export type IdImageEnd = 'deadline' | 'asked' | 'over' | 'erased';

/** A picture of an identity document, without the picture. */
export interface IdImageRow {
  readonly id: string;
  readonly authorizationId: string;
  readonly by: Party;
  readonly reason: (typeof ID_IMAGE_REASONS)[number];
  /** Credit code of the source that demands it. */
  readonly source: string | null;
  readonly side: (typeof ID_IMAGE_SIDES)[number];
  /** Pixels of what is kept. */
  readonly width: number;
  readonly height: number;
  /** Bytes of what is kept. */
  readonly size: number;
  /** Salted commitment to it, hex; the salt is kept with the picture and goes with it. */
  readonly content: string;
  /** Hex; keeps digests of the fact that it was destroyed from being guessed. */
  readonly salt: string;
  readonly keptAt: Date;
  readonly keepUntil: Date;
  readonly destroyedAt: Date | null;
  readonly destroyedWhy: IdImageEnd | null;
  readonly destroyedBy: Party | 'sweep' | null;
}

/** Destroyed: at, why and by whom are there. */
export type DestroyedIdImage = IdImageRow & {
  readonly destroyedAt: Date;
  readonly destroyedWhy: IdImageEnd;
  readonly destroyedBy: Party | 'sweep';
};

/** Event and ledger entry of a destruction. */
export type RecordDestroyed = (authorization: AuthorizationRow, row: DestroyedIdImage) => Recorded;

export interface IdImageReads {
  /** Oldest first, destroyed ones too. */
  idImages(authorizationId: string): Promise<readonly IdImageRow[]>;
}

/** Role web. */
export interface IdImageRecord extends IdImageReads {
  /** Asks whether a picture may be kept. Throws the refusal. */
  checkIdImage(authorizationId: string, at: Date): Promise<void>;
  /** Null once it was destroyed. */
  idImageBox(id: string): Promise<Uint8Array | null>;
  /** The picture with its event. Throws the refusal. */
  addIdImage(
    row: Omit<IdImageRow, 'keptAt' | 'destroyedAt' | 'destroyedWhy' | 'destroyedBy'> & {
      readonly box: Uint8Array;
    },
    at: Date,
    record: (row: IdImageRow) => Readonly<Record<string, unknown>>,
    answer?: { key: string; status: number; body: (row: IdImageRow) => unknown },
  ): Promise<IdImageRow>;
  /** Somebody asked. Destroyed already: as it is. Throws `on-hold` while a dispute is open. */
  destroyIdImage(
    image: Pick<IdImageRow, 'id' | 'authorizationId'> & { readonly by: Party },
    at: Date,
    record: RecordDestroyed,
  ): Promise<DestroyedIdImage>;
}

/** Role worker. */
export interface IdImageSweepRecord {
  /** Pictures whose time is over, or whose authorization is. */
  dueIdImages(
    at: Date,
    limit: number,
  ): Promise<
    readonly (Pick<IdImageRow, 'id' | 'authorizationId'> & { why: 'deadline' | 'over' })[]
  >;
  /** False when it was destroyed meanwhile. */
  sweepIdImage(
    image: Pick<IdImageRow, 'id' | 'authorizationId'> & { readonly why: 'deadline' | 'over' },
    at: Date,
    record: RecordDestroyed,
  ): Promise<boolean>;
}
