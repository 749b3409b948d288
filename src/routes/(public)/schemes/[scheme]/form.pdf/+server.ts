import { error } from '@sveltejs/kit';
import { sql } from '$lib/db/db.server';
import { blankForm } from '$lib/documents/blank-form';
import { renderPdf } from '$lib/documents/pdf.server';
import { download, prepareOwn } from '$lib/files/store.server';
import { kindLabels } from '$lib/organisations/organisation';
import * as schemes from '$lib/schemes/store.server';
import { ipamjFont, portalMode } from '$lib/settings/environment.server';
import * as settings from '$lib/settings/store.server';
import { dayOf } from '$lib/time/day';
import { formatDeadline } from '$lib/time/wareki';
import type { RequestHandler } from './$types';

/** The blank form of the day, drawn at most once a day and edition: anybody may ask for it. */
const drawn = new Map<string, Uint8Array>();
const KEPT = 20;

export const GET: RequestHandler = async ({ params }) => {
  const edition = await schemes.publicEdition(sql, params.scheme);
  if (!edition) error(404, 'この制度は見つかりません。');
  const city = await settings.city(sql);
  const printed_on = dayOf(await schemes.now(sql));
  const key = `${edition.id}:${edition.version}:${city.version}:${printed_on}`;
  let bytes = drawn.get(key);
  if (!bytes) {
    const document = blankForm({
      city, printed_on, demo_mark: portalMode() === 'demo' ? '【架空・設定例】この用紙は見本です。' : null, edition,
      kind_words: Object.values(kindLabels(city.association_word)), categories: edition.categories, requirements: edition.requirements,
      papers: edition.papers, closing_words: `${formatDeadline(edition.closes_at)} まで`
    });
    const result = await renderPdf(document, { ipamjPath: ipamjFont() });
    if (!result.ok) error(503, 'いまは用紙を作れません。少し待ってから、もう一度開いてください。');
    bytes = result.bytes;
    if (drawn.size >= KEPT) drawn.clear();
    drawn.set(key, bytes);
  }
  const prepared = prepareOwn(bytes, `申請書_${edition.scheme_code}_${edition.fiscal_year}.pdf`);
  return download({ name: prepared.original_name, media_type: prepared.media_type }, bytes);
};
