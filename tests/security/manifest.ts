import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** What stands in src/routes, read from the files themselves and not from the policy. */
export interface Route {
  id: string;
  kind: 'page' | 'endpoint';
  /** Names of the page's form actions. */
  actions: string[];
  /** Methods an endpoint exports. */
  methods: string[];
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'fallback'];

export function manifest(root: string): Route[] {
  const routes = join(root, 'src/routes');
  const idOf = (file: string) => `/${dirname(file).replaceAll('\\', '/')}`.replace(/^\/\.$/, '/');
  const endpoints = globSync('**/+server.ts', { cwd: routes }).map((file): Route => ({
    id: idOf(file), kind: 'endpoint', actions: [], methods: exported(join(routes, file)).filter((name) => METHODS.includes(name))
  }));
  const pages = new Map<string, Route>();
  for (const file of globSync('**/+page.{svelte,ts,server.ts}', { cwd: routes })) {
    const id = idOf(file);
    const route = pages.get(id) ?? { id, kind: 'page', actions: [], methods: [] };
    if (file.endsWith('+page.server.ts')) route.actions = actionsOf(join(routes, file));
    pages.set(id, route);
  }
  return [...pages.values(), ...endpoints].sort((a, b) => (a.id < b.id ? -1 : 1));
}

const parse = (file: string) => ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);

function declarations(file: string): ts.VariableDeclaration[] {
  return parse(file).statements.filter((one): one is ts.VariableStatement => ts.isVariableStatement(one) && isExported(one)).flatMap((one) => [...one.declarationList.declarations]);
}

const isExported = (node: ts.VariableStatement | ts.FunctionDeclaration) => node.modifiers?.some((one) => one.kind === ts.SyntaxKind.ExportKeyword) ?? false;

function exported(file: string): string[] {
  const functions = parse(file).statements.filter((one): one is ts.FunctionDeclaration => ts.isFunctionDeclaration(one) && isExported(one));
  return [...declarations(file).map((one) => one.name.getText()), ...functions.map((one) => one.name?.text ?? '')];
}

/** The names in `export const actions = { … }`. Throws when they cannot be read from the source: then nobody can check them. */
function actionsOf(file: string): string[] {
  const found = declarations(file).find((one) => one.name.getText() === 'actions');
  if (!found) return [];
  let value = found.initializer;
  while (value && (ts.isSatisfiesExpression(value) || ts.isAsExpression(value))) value = value.expression;
  if (!value || !ts.isObjectLiteralExpression(value)) throw new Error(`${file}: actions must be an object written out here`);
  return value.properties.map((one) => {
    if (!one.name || ts.isComputedPropertyName(one.name)) throw new Error(`${file}: an action without a name of its own`);
    return one.name.getText().replaceAll(/^['"]|['"]$/g, '');
  });
}

/** Where an address of this route is: `/(group)/my/[x]` → `/my/…`. */
export function pathOf(id: string, params: Record<string, string>): string {
  const parts = id.split('/').filter((part) => part !== '' && !/^\(.*\)$/.test(part));
  return `/${parts.map((part) => part.replace(/^\[(?:\.\.\.)?([^=\]]+)(?:=[^\]]+)?\]$/, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`${id}: no value for ${name}`);
    return value;
  })).join('/')}`;
}

export const paramsOf = (id: string): string[] => [...id.matchAll(/\[(?:\.\.\.)?([^=\]]+)(?:=[^\]]+)?\]/g)].map((match) => match[1]!);
