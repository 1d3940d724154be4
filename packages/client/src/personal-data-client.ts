import { pathOf, type ApiCalls, type Once } from './api-calls.js';
import type * as api from './types.js';

const of = (authorization: string, ...rest: string[]): string =>
  pathOf('authorizations', authorization, ...rest);

/** Who gets the subject's data, the subject's copy of all of them, and how they end. */
export class PersonalDataClient {
  constructor(private readonly calls: ApiCalls) {}

  /** What a seller holds instead of personal data, also as a QR code; the same on every call. */
  orderReference(id: string): Promise<api.OrderReference> {
    return this.calls.get(of(id, 'order-reference'));
  }

  /** What anybody who holds the reference learns: one word. */
  order(reference: string): Promise<api.Order> {
    return this.calls.get(pathOf('orders', reference));
  }

  /**
   * The subject's data for one confirmed use, sealed: the key that its recipient registered opens it, yours does not.
   * Repeated it is the same message. Needs the scope `subject-data`.
   */
  release(
    id: string,
    redemption: string,
    request: { readonly fields?: readonly api.SubjectField[] } = {},
  ): Promise<api.SealedRelease> {
    return this.calls.post(of(id, 'redemptions', redemption, 'subject-data'), request);
  }

  /** How long the data are kept and why, and whether they are restricted or erased. */
  retention(id: string): Promise<api.Privacy> {
    return this.calls.get(of(id, 'privacy'));
  }

  /**
   * The subject wants the data deleted, told to you: kept for what the law keeps them for, read for nothing else, and
   * erased when nothing keeps them. Your word shortens no time. Only once the authorization is over.
   */
  restrict(id: string, request: api.RestrictionRequest, once?: Once): Promise<api.Privacy> {
    return this.calls.post(of(id, 'restriction'), request, once);
  }

  /** The subject's copy of everything, asked for through you; `proof` stands in the access register. */
  export(id: string, request: { readonly proof: api.Proof }): Promise<api.DataExport> {
    return this.calls.post(of(id, 'export'), request);
  }
}
