import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { dictionary, faults, meaningOf, readCatalogue, type Table } from '../../commands/data-dictionary/catalogue.ts';
import { freshDatabase } from '../database/harness.ts';

const FILE = join(resolve(import.meta.dirname, '../..'), 'docs/data-dictionary.md');
let tables: Table[];

beforeAll(async () => {
  const { ownerSql } = await freshDatabase();
  tables = await readCatalogue(ownerSql);
});

describe('data dictionary', () => {
  it('takes a comment apart', () => {
    expect(meaningOf('交付額（確定前） 単位:円 出典:規則 第7条 区分:内部')).toEqual({ name: '交付額（確定前）', unit: '円', source: '規則 第7条', privacy: '内部' });
  });

  it('names what is missing', () => {
    const column = (name: string, comment: string | null) => ({ name, type: 'text', nullable: false, comment });
    const broken = [{ name: 't', comment: '表 区分:非個人', columns: [column('a', null), column('b', '列'), column('c', 'note 区分:内部'), column('d', '列 区分:秘密')] }];
    expect(faults(broken).map((line) => line.split(':')[0])).toEqual(['t.a', 't.b', 't.c', 't.d']);
  });

  it('every table and column says what it is and how private', () => {
    expect(tables.length).toBeGreaterThan(10);
    expect(faults(tables)).toEqual([]);
  });

  it('docs/data-dictionary.md is what the catalogue says (npm run docs:dictionary)', () => {
    expect(readFileSync(FILE, 'utf8')).toBe(dictionary(tables));
  });
});
