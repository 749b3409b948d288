/** The rules as they are carried out: how many wait, and one batch of them. Each is small, so that no table is held for long. */
import * as drafts from '../applications/old-drafts.server.ts';
import type { Sql, Tx } from '../db/db.server.ts';
import * as files from '../files/unlinked.server.ts';
import * as mails from '../mail/old-mails.server.ts';
import * as invitations from '../organisations/old-invitations.server.ts';
import { draftKeepDays, fileKeepDays, mailKeepDays } from '../settings/environment.server.ts';
import { COUNT_MAX, type RuleName } from './retention.ts';

/** `held`: over, but kept because something still refers to it. */
export interface Found { n: number; oldest_at: Date | null; held?: number }
/** How many one batch dealt with, and what the audit record says of them. */
export interface Batch { n: number; record: unknown }

export interface Rule {
  /** Days from the setting; null when the setting cannot be read: then nothing is done. */
  keepDays(): number | null;
  find(sql: Sql, days: number): Promise<Found>;
  run(tx: Tx, days: number): Promise<Batch>;
}

const MOST = COUNT_MAX + 1;
const MAILS = 500;
const INVITATIONS = 500;
/** Ten megabytes each at most: a batch stays well inside a statement's time. */
const FILES = 20;
const DRAFTS = 50;

export const RULE_ACTS: Record<RuleName, Rule> = {
  mail: {
    keepDays: mailKeepDays, find: (sql, days) => mails.findOldMails(sql, days, MOST),
    run: async (tx, days) => ({ n: await mails.eraseOldMails(tx, days, MAILS), record: {} })
  },
  invitations: {
    keepDays: mailKeepDays, find: (sql, days) => invitations.findOldInvitations(sql, days, MOST),
    run: async (tx, days) => listed('invitations', await invitations.removeOldInvitations(tx, days, INVITATIONS))
  },
  files: {
    keepDays: fileKeepDays, find: (sql, days) => files.findUnlinked(sql, days, MOST),
    run: async (tx, days) => listed('files', await files.removeUnlinked(tx, days, FILES))
  },
  draft_notices: {
    keepDays: draftKeepDays, find: (sql, days) => drafts.findToTell(sql, days, MOST),
    run: async (tx, days) => listed('drafts', await drafts.tellOfDrafts(tx, days, DRAFTS))
  },
  drafts: {
    keepDays: draftKeepDays, find: (sql, days) => drafts.findOldDrafts(sql, days, MOST),
    run: async (tx, days) => listed('drafts', await drafts.removeOldDrafts(tx, days, DRAFTS, MOST))
  }
};

const listed = (what: string, rows: readonly unknown[]): Batch => ({ n: rows.length, record: { [what]: rows } });
