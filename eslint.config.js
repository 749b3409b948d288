// House rules that a machine can keep. Architecture (who may import whom, sizes, environment variables) is in tests/house.
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** ESLint's own recommended set, without the rules TypeScript makes needless; @eslint/js is not among our packages. */
const CORE = [
  'for-direction', 'no-async-promise-executor', 'no-case-declarations', 'no-compare-neg-zero', 'no-cond-assign', 'no-constant-binary-expression', 'no-constant-condition', 'no-control-regex',
  'no-debugger', 'no-delete-var', 'no-dupe-else-if', 'no-duplicate-case', 'no-empty', 'no-empty-character-class', 'no-empty-pattern', 'no-empty-static-block', 'no-ex-assign', 'no-extra-boolean-cast',
  'no-fallthrough', 'no-global-assign', 'no-invalid-regexp', 'no-irregular-whitespace', 'no-loss-of-precision', 'no-misleading-character-class', 'no-nonoctal-decimal-escape', 'no-prototype-builtins',
  'no-regex-spaces', 'no-self-assign', 'no-shadow-restricted-names', 'no-sparse-arrays', 'no-unexpected-multiline', 'no-unsafe-finally', 'no-unsafe-optional-chaining', 'no-unused-labels',
  'no-unused-private-class-members', 'no-useless-backreference', 'no-useless-catch', 'no-useless-escape', 'no-var', 'prefer-rest-params', 'prefer-spread', 'require-yield', 'use-isnan', 'valid-typeof'
];
const noUnsafeSql = [
  { selector: "CallExpression[callee.property.name='unsafe']", message: 'SQL goes through tagged templates only: never .unsafe() (IN-2).' },
  { selector: "CallExpression[callee.property.name='begin'][callee.object.name=/^(sql|client|connection|pool|db|postgres)$/]", message: 'Write through transaction(actor, …): sql.begin loses half a transaction when a backend dies (architecture.md).' }
];
const noFloatMoney = [
  { selector: "BinaryExpression[operator='*'][right.raw=/^1_?0{1,4}$/] > CallExpression[callee.object.name='Math'] > BinaryExpression[operator='/'][right.raw=/^1_?0{1,4}$/]:not(:has(Identifier[name=/^(getTime|now)$/]))", message: 'Round yen by name: floorToThousandYen, roundYen or multiplyRate from $lib/money/yen.' },
  { selector: "CallExpression[callee.name='parseFloat'], CallExpression[callee.property.name='parseFloat']", message: 'Figures are read by parseYen or a form field, never as floats.' }
];
const noEnvironment = [
  { selector: "MemberExpression[object.name='process'][property.name='env']", message: 'Environment variables are read in src/lib/settings/environment.server.ts only.' }
];
const noConsole = [
  { selector: "CallExpression[callee.object.name='console'][callee.property.name=/^(log|info|debug|dir|table)$/]", message: 'The server writes one JSON line per event through its logger; console.log is for commands, db and tests.' }
];
const noStores = { name: '$app/stores', message: 'Use $app/state: stores are gone in the next Kit.' };
const noKit = { group: ['$app/*', '$env/*', '$lib/*', '$lib'], message: 'Plain Node runs this file: import relatively, with the .ts ending (CONTRIBUTING.md).' };

export default ts.config(
  { ignores: ['build/', '.svelte-kit/', 'node_modules/', '.data/', '.tmp/', 'static/', 'test-results/', 'playwright-report/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  { rules: Object.fromEntries(CORE.map((rule) => [rule, 'error'])) },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: {
      'no-irregular-whitespace': ['error', { skipStrings: true, skipTemplates: true, skipComments: true, skipRegExps: true }], // 全角スペース is text here.
      'no-misleading-character-class': ['error', { allowEscape: true }],
      'no-undef': 'off', // TypeScript knows the names, and knows them better.
      'no-restricted-imports': ['error', { paths: [noStores] }],
      'no-restricted-syntax': ['error', ...noUnsafeSql, ...noFloatMoney],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'object-shorthand': 'error',
      'prefer-const': ['error', { destructuring: 'all' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-explicit-any': 'error'
    }
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
    rules: {
      'no-irregular-whitespace': 'off', // It takes the text of a page for code.
      'prefer-const': 'off', // `let { … } = $props()` is how runes are written.
      'svelte/no-at-html-tags': 'error',
      'svelte/no-inline-styles': 'error', // The CSP forbids them.
      'svelte/no-target-blank': 'error',
      'svelte/prefer-writable-derived': 'off', // It reads any assignment inside $effect as a derived value.
      'svelte/no-navigation-without-resolve': 'off' // The portal has a host of its own; its paths begin at '/'.
    }
  },
  {
    files: ['src/lib/**/*.ts', 'db/**/*.ts', 'commands/**/*.ts', 'tests/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: [noStores], patterns: [noKit] }] }
  },
  {
    files: ['src/**/*.ts', 'src/**/*.svelte'],
    ignores: ['src/lib/settings/environment.server.ts', 'src/lib/db/connect.ts', '**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', ...noUnsafeSql, ...noFloatMoney, ...noEnvironment, ...noConsole] }
  },
  {
    // Migrations, template databases and tests run SQL of our own; no visitor's text comes here.
    files: ['db/**/*.ts', 'tests/**/*.ts', '**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', ...noFloatMoney] }
  }
);
