import type { StaffRole } from '@mandate/core/desk';
import type { askPasskey, makePasskey, PasskeyAnswer } from '@mandate/pages/browser/passkeys';
import type { DeskClient } from '../desk-client.js';

/** Who is signed in. */
export interface Session {
  readonly staff: string;
  readonly name: string;
  /** Null: the operator's own people, who see all institutions. */
  readonly institution: string | null;
  readonly outsourced: boolean;
  readonly roles: readonly StaffRole[];
  readonly means: string;
  readonly endsAt: string;
}

/** Null when nobody is signed in. */
export async function whoIsHere(client: DeskClient): Promise<Session | undefined> {
  try {
    return await client.get<Session>('/session');
  } catch (thrown) {
    if ((thrown as { code?: string }).code === 'session-ended') return undefined;
    throw thrown;
  }
}

export const signOut = (client: DeskClient): Promise<void> => client.delete('/session');

export const beginPasskey = (
  client: DeskClient,
): Promise<{ options: Parameters<typeof askPasskey>[0] }> =>
  client.post('/sign-in', { means: 'passkey' });
export const signInByPasskey = (client: DeskClient, answer: PasskeyAnswer): Promise<Session> =>
  client.post('/sign-in/passkey', { answer });

/** Where the organisation's own sign-in is. */
export const beginProvider = (client: DeskClient): Promise<{ address: string }> =>
  client.post('/sign-in', { means: 'oidc' });
export const signInByProvider = (client: DeskClient, query: string): Promise<Session> =>
  client.post('/sign-in/provider', { query });

export const signInByRecoveryCode = (client: DeskClient, code: string): Promise<Session> =>
  client.post('/sign-in/recovery-code', { code });

export const beginEnrolment = (
  client: DeskClient,
  /** Undefined in a session that a recovery code opened. */
  invitation: string | undefined,
): Promise<{ options: Parameters<typeof makePasskey>[0] }> =>
  client.post('/sign-in', { means: 'enrolment', ...(invitation ? { invitation } : {}) });
export const enrol = (
  client: DeskClient,
  invitation: string | undefined,
  answer: PasskeyAnswer,
): Promise<Session & { readonly recoveryCodes: readonly string[] }> =>
  client.post('/sign-in/enrolment', { ...(invitation ? { invitation } : {}), answer });
