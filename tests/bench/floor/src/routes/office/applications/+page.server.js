import { readFileSync } from 'node:fs';
import { deserialize } from 'node:v8';

let data;

/** What the portal's own loads answered once; here it is a constant. */
export const load = () => (data ??= deserialize(readFileSync(process.env.FLOOR_DATA)));
