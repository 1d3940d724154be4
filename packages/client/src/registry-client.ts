import type { ApiCalls } from './api-calls.js';
import type * as api from './types.js';

/** Who may be asked and who may receive, as the operator registered them. */
export class RegistryClient {
  constructor(private readonly calls: ApiCalls) {}

  sources(): Promise<readonly api.RegistryEntry[]> {
    return this.calls.items('/v1/registry/sources');
  }

  recipients(): Promise<readonly api.RegistryEntry[]> {
    return this.calls.items('/v1/registry/recipients');
  }

  /** All that may be asked; nothing else may. */
  combinations(): Promise<readonly api.RegistryCombination[]> {
    return this.calls.items('/v1/registry/combinations');
  }
}
