/** The API's shapes as its OpenAPI description gives them; members may be added, none removed. */

export type * from './types/authorization.js';
export type * from './types/page.js';
export type * from './types/template.js';
export type * from './types/signing.js';
export type * from './types/use.js';
export type * from './types/stop.js';
export type * from './types/event.js';
export type * from './types/api-key.js';
export type * from './types/personal-data.js';
export type * from './types/registry.js';
export type * from './types/bulk.js';
