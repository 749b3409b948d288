import type { Tone } from '../ui/tone.ts';
import type { ApplicationState } from './application.ts';

/** Colour and icon beside a state's word. */
export const STATE_TONES: Record<ApplicationState, Tone> = {
  draft: 'neutral', submitted: 'info', correction: 'warning', accepted: 'progress', proposed: 'progress', decided: 'success', dismissed: 'error', withdrawn: 'neutral'
};
