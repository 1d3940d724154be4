import { ApiCalls, pathOf, type Once } from './api-calls.js';
import { BulkClient } from './bulk-client.js';
import { IdImageClient } from './id-image-client.js';
import { KeyClient } from './key-client.js';
import { PersonalDataClient } from './personal-data-client.js';
import { RegistryClient } from './registry-client.js';
import { platform, type System } from './system.js';
import { TemplateClient } from './template-client.js';
import type * as api from './types.js';
import { WebhookClient } from './webhook-client.js';

export interface ClientOptions extends Partial<System> {
  readonly baseUrl: string;
  /** `mk_…`; belongs on a server, never into a page. */
  readonly apiKey: string;
  /** Tries per call, 4 unless said. */
  readonly tries?: number;
  readonly timeoutMilliseconds?: number;
}

/**
 * The institution's side of the API. Every method throws `MandateError` for a refusal and
 * `MandateConnectionError` when no answer came; both after the retries that can help.
 */
export class MandateClient {
  readonly #calls: ApiCalls;
  /** Many requests from one file. */
  readonly bulk: BulkClient;
  /** What every letter is made of. */
  readonly templates: TemplateClient;
  /** Releases for a use, order references, the subject's copy, restriction. */
  readonly personalData: PersonalDataClient;
  /** Pictures of identity documents. */
  readonly idImages: IdImageClient;
  /** Where events are delivered to. */
  readonly webhooks: WebhookClient;
  readonly keys: KeyClient;
  readonly registry: RegistryClient;

  constructor({ tries = 4, timeoutMilliseconds = 15_000, ...options }: ClientOptions) {
    const transport = { ...platform, ...options, tries, timeoutMilliseconds };
    this.#calls = new ApiCalls(transport);
    this.bulk = new BulkClient(transport);
    this.templates = new TemplateClient(this.#calls);
    this.personalData = new PersonalDataClient(this.#calls);
    this.idImages = new IdImageClient(this.#calls);
    this.webhooks = new WebhookClient(this.#calls);
    this.keys = new KeyClient(this.#calls);
    this.registry = new RegistryClient(this.#calls);
  }

  /** Asks for an authorization; the letter is rendered now and never changes. */
  requestAuthorization(request: api.AuthorizationRequest, once?: Once): Promise<api.Authorization> {
    return this.#calls.post('/v1/authorizations', request, once);
  }

  authorization(id: string): Promise<api.Authorization> {
    return this.#calls.get(of(id));
  }

  /** Newest first; everything given must hold. */
  authorizations(filter: api.AuthorizationFilter = {}): Promise<api.Page<api.Authorization>> {
    return this.#calls.get('/v1/authorizations', { ...filter });
  }

  /** One person's, by kind and number of the document and the name, all three as in the letter. */
  searchAuthorizations(
    search: api.AuthorizationFilter & { readonly subject: api.SearchedSubject },
  ): Promise<api.Page<api.Authorization>> {
    return this.#calls.post('/v1/authorizations/search', search);
  }

  /** A link for the subject, to be sent by your own channel. */
  signingLink(id: string): Promise<api.SigningLink> {
    return this.#calls.post(of(id, 'signing-links'), {});
  }

  /** A single-use ticket for the widget on pages of these origins, or for a full page. */
  signingTicket(id: string, ticket: api.SigningTicketRequest): Promise<api.SigningTicket> {
    return this.#calls.post(of(id, 'signing-tickets'), ticket);
  }

  /** Your word for the subject, where the template's policy asks for checks: a note that meets no requirement. */
  assertIdentity(
    id: string,
    assertion: api.IdentityAssertionRequest,
    once?: Once,
  ): Promise<api.IdentityAssertion> {
    return this.#calls.post(of(id, 'assertions'), assertion, once);
  }

  /**
   * A way in for a subject who lost the number, after you made sure who it is: once, for an hour. Needs the scopes
   * `own-links:write` and `evidence:read`.
   */
  ownLink(id: string, request: api.OwnLinkRequest): Promise<api.SigningLink> {
    return this.#calls.postOnce(of(id, 'own-links'), request);
  }

  /** Asks for two to five authorizations of one subject, to be signed in one sitting. */
  requestSigningSet(request: api.SigningSetRequest, once?: Once): Promise<api.SigningSet> {
    return this.#calls.post('/v1/signing-sets', request, once);
  }

  signingSet(id: string): Promise<api.SigningSet> {
    return this.#calls.get(pathOf('signing-sets', id));
  }

  signingSetLink(id: string): Promise<api.SigningLink> {
    return this.#calls.post(pathOf('signing-sets', id, 'signing-links'), {});
  }

  signingSetTicket(id: string, ticket: api.SigningTicketRequest): Promise<api.SigningTicket> {
    return this.#calls.post(pathOf('signing-sets', id, 'signing-tickets'), ticket);
  }

  /** Uses the authorization once. The receipt goes to the data source with the query. */
  redeem(id: string, request: api.RedemptionRequest, once?: Once): Promise<api.MadeRedemption> {
    return this.#calls.post(of(id, 'redemptions'), request, once);
  }

  /** The reserved use took place. */
  confirmRedemption(id: string, redemption: string, once?: Once): Promise<api.Redemption> {
    return this.#calls.post(of(id, 'redemptions', redemption, 'confirmation'), {}, once);
  }

  /** The reserved use did not take place: it does not count. */
  releaseRedemption(id: string, redemption: string, once?: Once): Promise<api.Redemption> {
    return this.#calls.post(of(id, 'redemptions', redemption, 'release'), {}, once);
  }

  /** The register of uses, newest first. */
  redemptions(id: string, filter: api.UseFilter = {}): Promise<api.Page<api.ListedRedemption>> {
    return this.#calls.get(of(id, 'redemptions'), { ...filter });
  }

  /** Whether it can still be used, as of now. */
  condition(id: string): Promise<api.Condition> {
    return this.#calls.get(of(id, 'condition'));
  }

  /** The subject withdraws, told to you: in force from the answer on. */
  withdraw(id: string, request: api.WithdrawalRequest, once?: Once): Promise<api.Withdrawal> {
    return this.#calls.post(of(id, 'withdrawals'), request, once);
  }

  /** The subject disputes the signature, told to you: nothing is used from the answer on. */
  dispute(id: string, request: api.HoldRequest, once?: Once): Promise<api.Hold> {
    return this.#calls.post(of(id, 'holds'), request, once);
  }

  /** Disputes over it, oldest first, with their receipts. */
  async holds(id: string): Promise<readonly api.ListedHold[]> {
    return (await this.#calls.get<{ items: api.ListedHold[] }>(of(id, 'holds'))).items;
  }

  /** Opens a case at the disputes desk about authorizations of your own. */
  openCase(request: api.CaseRequest, once?: Once): Promise<api.DeskCase> {
    return this.#calls.post('/v1/cases', request, once);
  }

  /** Cases of the disputes desk about it, newest first. */
  async cases(id: string): Promise<readonly api.DeskCase[]> {
    return (await this.#calls.get<{ items: api.DeskCase[] }>(of(id, 'cases'))).items;
  }

  /** Your word on how a dispute should end, once; two people of the disputes desk may decide otherwise. */
  proposeResolution(
    id: string,
    hold: string,
    proposal: api.HoldProposal,
    once?: Once,
  ): Promise<api.Hold> {
    return this.#calls.post(of(id, 'holds', hold, 'proposal'), proposal, once);
  }

  /** The event that was agreed as the end has happened. */
  end(id: string, request: api.EndRequest, once?: Once): Promise<api.End> {
    return this.#calls.post(of(id, 'end'), request, once);
  }

  /** The verification report on what was signed, as JSON. */
  report(id: string, once?: Once): Promise<Readonly<Record<string, unknown>>> {
    return this.#calls.post(of(id, 'reports'), {}, once);
  }

  /** A new one, canonical JSON as bytes. */
  reportJson(id: string): Promise<Uint8Array> {
    return this.#calls.bytes(of(id, 'report.json'));
  }

  /** A new one as an ETSI TS 119 102-2 validation report, XML as bytes. */
  reportXml(id: string): Promise<Uint8Array> {
    return this.#calls.bytes(of(id, 'report.xml'));
  }

  /** The same as a sealed PDF. */
  reportPdf(id: string, language: 'zh' | 'en' = 'zh'): Promise<Uint8Array> {
    return this.#calls.bytes(of(id, `report.${language}.pdf`));
  }

  /** The signed letter, PDF; `archived` for the long term, `shown` as it was before the signature. */
  letter(id: string, as: 'signed' | 'archived' | 'shown' = 'signed'): Promise<Uint8Array> {
    return this.#calls.bytes(of(id, 'letter'), { as });
  }

  /** The evidence bundle, ASiC-E. */
  bundle(id: string): Promise<Uint8Array> {
    return this.#calls.bytes(of(id, 'bundle'));
  }

  /** What happened, oldest first, delivered or not; go on from `nextCursor`. */
  events(
    filter: api.EventFilter = {},
  ): Promise<{ readonly items: readonly api.ListedEvent[]; readonly nextCursor: string }> {
    return this.#calls.get('/v1/events', { ...filter });
  }
}

const of = (authorization: string, ...rest: string[]): string =>
  pathOf('authorizations', authorization, ...rest);
