// The floor of the bench: a plain SvelteKit app, never shipped. It shares the portal's components and nothing else.
import adapter from '@sveltejs/adapter-node';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  kit: {
    adapter: adapter({ out: '../../../.tmp/bench/floor/build', precompress: false }),
    outDir: '../../../.tmp/bench/floor/kit',
    files: { assets: '../../../static', appTemplate: '../../../src/app.html', lib: '../../../src/lib' },
    inlineStyleThreshold: 0
  }
};
