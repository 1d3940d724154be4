import type {
  ApiScope,
  Authority,
  Clock,
  Objects,
  OwnVisit,
  Random,
  RedrawImage,
  SandboxMessage,
} from '@mandate/core';
import type {
  BulkRecord,
  EnterDeps,
  IdImageDays,
  Institution,
  ReleaseDeps,
  RequestDeps,
  UseDeps,
  Visit,
} from '@mandate/ceremony';
import type { rememberedAnswers, webhookEndpoints } from '@mandate/store';
import type { Log } from '@mandate/runtime';
import { routesFor } from '@mandate/runtime';
import type { WebRecord } from '@mandate/ceremony';

/** Everything the web process works with; built by a `main.ts`, passed down from there. */
export interface WebParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly record: WebRecord;
  readonly answers: ReturnType<typeof rememberedAnswers>;
  readonly webhooks: ReturnType<typeof webhookEndpoints>;
  readonly bulks: BulkRecord;
  readonly authority: Authority;
  readonly objects: Objects;
  /** Draws pictures of strangers anew, in a process of their own. */
  readonly redraw: RedrawImage;
  readonly idImageDays: IdImageDays;
  /** Origin without a trailing slash. */
  readonly publicUrl: string;
  readonly production: boolean;
  /** Proxies of ours in front; addresses are counted, so a wrong number lets others be locked out. */
  readonly trustedProxies?: number;
  /** The sandbox inbox; absent when messages leave by a real gateway. */
  readonly sandbox?: (limit?: number) => Promise<readonly SandboxMessage[]>;
  /** The secret part of the address vendors report deliveries to; absent: they are not listened to. */
  readonly smsCallbackToken?: string;
  /** A ready-made signing link for the home page of a trial. */
  readonly sampleLink?: () => string | undefined;
  readonly ready: () => Promise<unknown>;
}

/** How long a subject may take to sign, seconds: seven days. */
export const SIGN_WITHIN = 7 * 24 * 3600;

export const enterDeps = (parts: WebParts): EnterDeps => ({
  clock: parts.clock,
  random: parts.random,
  record: parts.record,
  vault: parts.authority.vault,
  objects: parts.objects,
});

export const requestDeps = (parts: WebParts): RequestDeps => ({
  ...enterDeps(parts),
  publicUrl: parts.publicUrl,
  signWithin: SIGN_WITHIN,
  testNumbers: parts.sandbox !== undefined,
});

export const useDeps = (parts: WebParts): UseDeps & ReleaseDeps => ({
  clock: parts.clock,
  random: parts.random,
  record: parts.record,
  vault: parts.authority.vault,
  seal: parts.authority.seal,
});

/** The kinds of callers. */
export type Contexts = {
  institution: {
    readonly institution: Institution;
    readonly keyId: string;
    /** Whose key it is: approvals need a second person. */
    readonly person: string;
    readonly scopes: readonly ApiScope[];
    readonly requestsPerMinute: number | null;
  };
  visit: { readonly visit: Visit };
  own: { readonly own: OwnVisit };
};

export const route = routesFor<Contexts>();
