import type { ParamMatcher } from '@sveltejs/kit';
import { ANSWER_SECTIONS } from '$lib/applications/application';

/** Sections that hold answers to questions; budget and papers have pages of their own. */
export const match = ((param) => (ANSWER_SECTIONS as readonly string[]).includes(param)) satisfies ParamMatcher;
