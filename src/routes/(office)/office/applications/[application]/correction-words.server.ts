import { SECTIONS, SECTION_TITLES } from '$lib/applications/application';
import type { CorrectionRequest } from '$lib/screening/store.server';
import { dayOf } from '$lib/time/day';

/** A correction request as the office reads it: where it stands, and the sections in the order of the form. */
export function inWords(request: CorrectionRequest) {
  const { id, requested_at, requested_by_name, due_on, message, answered_at, cancelled_at } = request;
  const open = answered_at === null && cancelled_at === null;
  return {
    id, requested_at, requested_by_name, due_on, message, answered_at, cancelled_at, open,
    overdue: open && due_on < dayOf(new Date()),
    late: answered_at !== null && dayOf(answered_at) > due_on,
    items: SECTIONS.flatMap((section) => request.items.filter((item) => item.section === section).map((item) => ({ title: SECTION_TITLES[section], reason: item.reason })))
  };
}
