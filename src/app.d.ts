import type { Halfway, Viewer } from '$lib/accounts/account';
import type { Actor } from '$lib/db/db.server';

declare global {
  namespace App {
    interface Error {
      message: string;
      /** What a person reads out on the telephone so that the log line can be found. */
      reference?: string;
    }
    interface Locals {
      requestId: string;
      viewer: Viewer | null;
      /** Who has given the password and still owes the second step. Nobody yet: then `viewer` is null. */
      halfway: Halfway | null;
      actor: Actor;
      /** The public origin from the settings, never from the Host header. */
      origin: string;
      /** A keyed hash of the client's address: enough to throttle, not enough to identify. */
      clientKey: string;
      /** Set when the database could not be reached, so that the answer becomes the 503 page. */
      databaseAway?: boolean;
      /** Set when the form's key had been used by another account, so that the answer becomes a 409 page. */
      foreignKey?: boolean;
    }
    interface PageData {
      portal?: {
        name: string;
        cityName: string;
        demo: boolean;
        help: { section: string; phone: string; hours: string };
        associationWord: string;
      };
      demoAccounts?: { words: string; name: string; email: string; password: string }[];
      viewer?: { name: string; areas: { href: string; label: string }[] } | null;
    }
  }
}

export {};
