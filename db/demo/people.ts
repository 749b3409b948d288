/** 架空の人と団体。実在の人・団体・連絡先とは関係ない。 */
import type { Role } from '../../src/lib/accounts/account.ts';
import type { DossierValue } from '../../src/lib/organisations/organisation.ts';

/** One password for all demo accounts; they exist in demo mode only, and the start refuses them elsewhere. */
export const DEMO_PASSWORD = 'takahagi-demo-2026';

export interface DemoPerson { key: string; email: string; name: string; duty: string; roles: Role[] }

export const PEOPLE: DemoPerson[] = [
  { key: 'hana', email: 'hana@demo.example', name: '髙﨑 花子', duty: '団体の代表者（花と緑の会）', roles: [] },
  { key: 'taro', email: 'taro@demo.example', name: '𠮷田 太郎', duty: '団体の担当者（花と緑の会）', roles: [] },
  { key: 'npo', email: 'npo@demo.example', name: '海野 みなと', duty: '団体の代表者（NPO法人 海辺のまなび舎）', roles: [] },
  { key: 'jichikai', email: 'jichikai@demo.example', name: '山辺 さくら', duty: '自治会の会長（架空第一自治会）', roles: [] },
  { key: 'officer', email: 'officer@demo.example', name: '担当 一郎', duty: '市の担当者', roles: ['officer'] },
  { key: 'approver', email: 'approver@demo.example', name: '課長 次子', duty: '市の決裁者', roles: ['approver'] },
  { key: 'accountant', email: 'accountant@demo.example', name: '出納 三郎', duty: '市の出納', roles: ['accountant'] },
  { key: 'admin', email: 'admin@demo.example', name: '管理 四葉', duty: '管理者', roles: ['administrator'] },
  { key: 'auditor', email: 'auditor@demo.example', name: '監査 五月', duty: '監査（閲覧のみ）', roles: ['auditor'] },
  { key: 'panel1', email: 'panel1@demo.example', name: '審査 六実', duty: '審査委員', roles: ['committee'] },
  { key: 'panel2', email: 'panel2@demo.example', name: '審査 七海', duty: '審査委員', roles: ['committee'] },
  { key: 'panel3', email: 'panel3@demo.example', name: '審査 八雲', duty: '審査委員', roles: ['committee'] }
];

/** The list shown at the start and on the sign-in page of a demo. */
export const DEMO_ACCOUNTS = PEOPLE.map(({ duty, name, email }) => ({ duty, name, email, password: DEMO_PASSWORD }));

const GROUP: Omit<DossierValue, 'name' | 'name_kana' | 'representative_name' | 'purpose'> = {
  kind: 'civic_group', corporate_number: null, representative_title: '代表', postal_code: '318-0000', address: '高萩市架空町1番地の1', phone: '0293-00-0001',
  founded_on: '2021-04-01', members_count: 18, members_living: 14, members_working: 3, members_studying: 1, district_id: null
};

export const GROUPS: { key: string; owner: string; member: string | null; value: DossierValue }[] = [
  {
    key: 'flowers', owner: 'hana', member: 'taro',
    value: { ...GROUP, name: '花と緑の会（架空）', name_kana: 'ハナトミドリノカイ', representative_name: '髙﨑 花子', purpose: '駅前と通学路の花だんを手入れし、世代をこえて顔の見える関係をつくる。' }
  },
  {
    key: 'school', owner: 'npo', member: null,
    value: {
      ...GROUP, kind: 'npo', corporate_number: '8000012010038', representative_title: '理事長', name: 'NPO法人 海辺のまなび舎（架空）', name_kana: 'エヌピーオーホウジン ウミベノマナビヤ',
      representative_name: '海野 みなと', address: '高萩市架空浜2番地の3', phone: '0293-00-0002', members_count: 26, members_living: 20, members_working: 4, members_studying: 2, purpose: '海辺の自然に学ぶ場を子どもたちと地域の大人でつくる。'
    }
  },
  {
    key: 'first', owner: 'jichikai', member: null,
    value: {
      ...GROUP, kind: 'association', representative_title: '会長', name: '架空第一自治会', name_kana: 'カクウダイイチジチカイ', representative_name: '山辺 さくら',
      address: '高萩市架空本町3番地', phone: '0293-00-0003', members_count: 84, members_living: 84, members_working: 0, members_studying: 0, purpose: '住民どうしの助け合いと、安全で住みよい地域づくり。'
    }
  }
];
