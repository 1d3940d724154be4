import { pathOf, type ApiCalls, type Once } from './api-calls.js';
import type * as api from './types.js';

const of = (authorization: string, ...rest: string[]): string =>
  pathOf('authorizations', authorization, 'id-images', ...rest);

/** Pictures of identity documents: kept for a while, with their purpose drawn over them. */
export class IdImageClient {
  constructor(private readonly calls: ApiCalls) {}

  /** JPEG or PNG; what is kept is drawn anew from it. */
  keep(
    id: string,
    picture: { readonly type: 'image/jpeg' | 'image/png'; readonly content: Uint8Array },
    request: api.IdImageRequest,
    once?: Once,
  ): Promise<api.IdImage> {
    return this.calls.postBytes(of(id), picture, { ...request }, once);
  }

  /** Oldest first, also those that were destroyed. */
  list(id: string): Promise<readonly api.IdImage[]> {
    return this.calls.items(of(id));
  }

  /** JPEG. Purpose and reference stand in the access register before it leaves; the subject sees that. */
  read(id: string, image: string, access: api.IdImageAccess): Promise<Uint8Array> {
    return this.calls.bytes(of(id, image), { ...access });
  }

  /** Before its time, for good. */
  destroy(id: string, image: string): Promise<api.IdImage> {
    return this.calls.delete(of(id, image));
  }
}
