/** The daily tidying of what accounts leave behind; each part keeps what may still be needed. */
import type { Tx } from '../db/db.server.ts';
import { sweepDevices } from './device.server.ts';
import { resealOutdated } from './second-factor.server.ts';
import { sweepSessions } from './session.server.ts';
import { sweepThrottle } from './throttle.server.ts';
import { sweepTokens } from './token.server.ts';

export async function sweepAccounts(tx: Tx, now = new Date()): Promise<void> {
  await sweepSessions(tx, now);
  await sweepDevices(tx, now);
  await sweepTokens(tx, now);
  await sweepThrottle(tx, now);
  await resealOutdated(tx);
}
