import { DomainError, type Sms, type SmsOutcome } from '@mandate/core';
import type { GatewayDeps, GatewayUrl } from '../gateway-url.js';
import { failed } from '../sms-exchange.js';
import { BodyReader, COMMAND, submitBody, type Pdu } from './pdu.js';
import { readReceipt } from './read-receipt.js';
import { BindRefused, NoAnswer, openSmppSession, type SmppSession } from './smpp-session.js';
import { splitMessage } from './split-message.js';

/** command_status of `submit_sm_resp` (§5.1.3) that says: not now. */
const LATER = [0x08, 0x14, 0x58];
/** Invalid source, destination, type or plan of number. */
const NUMBER = [0x0a, 0x0b, 0x48, 0x49, 0x50, 0x51];
const CREDENTIALS = [0x0d, 0x0e, 0x0f];

/**
 * A message centre by SMPP 3.4: one session as transceiver, opened by the first message and again when it ended.
 * A repeated message is sent again. Query: `source` (sender's number or name), `sourceTon`, `sourceNpi`,
 * `systemType`. Throws `config-invalid`.
 */
export function smppSms(gateway: string, url: GatewayUrl, deps: GatewayDeps): Sms {
  const { random, timeoutMs } = deps;
  const source = url.query('source');
  const small = (name: string): number => {
    const value = Number(url.optional(name) ?? 0);
    if (!Number.isInteger(value) || value < 0 || value > 18)
      throw new DomainError('config-invalid', `an SMS URL (smpp) has a wrong ${name}=`);
    return value;
  };
  const [sourceTon, sourceNpi] = [small('sourceTon'), small('sourceNpi')];
  if (!/^[A-Za-z0-9]{1,20}$/.test(source) || url.user.length > 15 || url.password.length > 8)
    throw new DomainError('config-invalid', 'an SMS URL (smpp) has a field that does not fit SMPP');
  const tls = url.scheme === 'smpps';
  const peer = {
    host: url.host,
    port: url.port ?? (tls ? 3550 : 2775),
    tls,
    systemId: url.user,
    password: url.password,
    systemType: url.optional('systemType') ?? '',
  };
  let session: Promise<SmppSession> | undefined;
  const open = (): Promise<SmppSession> =>
    openSmppSession(peer, timeoutMs, (body) => {
      const receipt = readReceipt(body);
      return receipt ? deps.onReceipt({ gateway, ...receipt }) : Promise.resolve();
    });
  const bound = async (): Promise<SmppSession> => {
    const before = session;
    const current = await before?.catch(() => undefined);
    if (current?.open) return current;
    // Whoever comes first opens the next one, the others wait for it.
    if (session === before) session = open();
    return session!;
  };

  return {
    gateway,
    async send({ phone, text, channel }) {
      if (channel === 'voice') return failed('refused', 'voice');
      const parts = splitMessage(text, random.bytes(1)[0]!);
      if (!parts) return failed('refused', 'content');
      const international = phone.startsWith('+');
      const destination = phone.replace(/^\+/, '');
      if (!/^\d{5,15}$/.test(destination)) return failed('refused', 'number');
      let submitted = 0;
      const messageIds: string[] = [];
      try {
        const centre = await bound();
        for (const part of parts) {
          const body = submitBody({
            source,
            sourceTon,
            sourceNpi,
            destination,
            destinationTon: international ? 1 : 0,
            part,
          });
          submitted += 1;
          const answer = await centre.request(COMMAND.submitSm, body);
          const fault = faultOf(answer);
          // The code stands in the first part: once that is away, nobody knows what the phone shows.
          if (fault) return messageIds.length > 0 ? failed('unknown', 'other', hex(answer)) : fault;
          messageIds.push(idOf(answer));
        }
        return { outcome: 'accepted', messageIds };
      } catch (error) {
        if (error instanceof BindRefused)
          return CREDENTIALS.includes(error.status)
            ? failed('refused', 'credentials', String(error.status))
            : failed('try-again', 'other', String(error.status));
        if (error instanceof NoAnswer && (submitted === 0 || (submitted === 1 && !error.sent)))
          return failed('try-again', 'not-reached');
        return failed('unknown', error instanceof NoAnswer ? 'no-answer' : 'bad-answer');
      }
    },
    close: async () => {
      const current = await session?.catch(() => undefined);
      await current?.close();
    },
  };
}

function faultOf(answer: Pdu): SmsOutcome | null {
  const { status } = answer;
  if (status === 0) return null;
  if (LATER.includes(status)) return failed('try-again', 'overload', hex(answer));
  return failed('refused', NUMBER.includes(status) ? 'number' : 'other', hex(answer));
}

const hex = ({ status }: Pdu): string => `0x${status.toString(16).padStart(8, '0')}`;

function idOf({ body }: Pdu): string {
  const reader = new BodyReader(body);
  const id = reader.cString(65);
  if (!/^[\x21-\x7e]{1,64}$/.test(id)) throw new Error('no message id');
  return id;
}
