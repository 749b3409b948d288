/** Colour is never alone: each tone comes with an icon and, in the component, a word. */
export type Tone = 'neutral' | 'info' | 'progress' | 'success' | 'warning' | 'error';

export interface Status {
  tone: Tone;
  word: string;
}
