/** 架空の申請。金額も日付も例である。 */
import type { AnswerSection, Answers } from '../../src/lib/applications/application.ts';
import { addDays, dayOf } from '../../src/lib/time/day.ts';

type Line = ['income' | 'expense', string, string, number, string];
export interface DemoProject {
  group: 'flowers' | 'school' | 'first';
  until: 'draft' | 'submitted' | 'accepted';
  answers: Record<AnswerSection, Answers>;
  lines: Line[];
}

const soon = (days: number): string => addDays(dayOf(new Date()), days);

export const PROJECTS: DemoProject[] = [
  {
    group: 'school', until: 'submitted',
    answers: {
      contact: { contact_name: '海野 みなと', contact_kana: 'ウミノ ミナト', contact_phone: '0293-00-0002', contact_email: 'npo@demo.example' },
      project: {
        title: '海辺の生きもの教室（架空）', purpose: '海の近くに住みながら海にふれる機会が少ない子どもたちに、生きものと安全を学ぶ場をつくる。',
        content: '親子を対象に、磯の観察会と浜のごみ調べを3回行う。結果は地図にまとめて市民センターに展示する。', effect: '親子60人が参加し、海の安全とごみの問題を自分のこととして考えるようになる。', continuity: '2年目からは参加費と協賛金で続ける。'
      },
      schedule: { starts_on: soon(45), ends_on: soon(100), place: '架空浜、市民センター（架空）', steps: '1回目 磯の観察会\n2回目 浜のごみ調べ\n3回目 地図づくりと発表' },
      team: { staff_count: 8, participants: 60, structure: '理事2人が進行、会員6人が見守りと記録を受け持つ。', partners: '小学校（架空）、漁業者の会（架空）', safety: '監視員を置き、保険に入る。' }
    },
    lines: [
      ['income', '会費・自己資金', '会の積立金', 66_000, ''], ['income', '参加費', '親子の参加費', 30_000, '500円×60人'],
      ['expense', '報償費', '講師への謝礼', 60_000, '20,000円×3回'], ['expense', '消耗品費', '観察の道具、模造紙', 45_000, ''], ['expense', '保険料', '行事の保険', 27_000, '150円×60人×3回'],
      ['expense', '印刷費', 'ちらし、地図', 48_000, '2種類'], ['expense', '食糧費', '昼の弁当', 6_000, 'スタッフ分']
    ]
  },
  {
    group: 'first', until: 'accepted',
    answers: {
      contact: { contact_name: '山辺 さくら', contact_kana: 'ヤマベ サクラ', contact_phone: '0293-00-0003', contact_email: 'jichikai@demo.example' },
      project: {
        title: '夕涼みと防災の集い（架空）', purpose: '若い世帯とお年寄りが知り合い、災害のときに声をかけあえる関係をつくる。', content: '夕涼みの会にあわせて、炊き出しと消火の訓練、避難の道を歩く会を行う。',
        effect: '100人が参加し、班ごとの連絡先の確かめができる。', continuity: '来年度からは自治会費で続ける。'
      },
      schedule: { starts_on: soon(50), ends_on: soon(80), place: '架空第一集会所', steps: '準備の会 2回\n当日 夕涼みと訓練\n振り返りの会' },
      team: { staff_count: 20, participants: 100, structure: '会長が全体、班長が班ごとの声かけ、女性部が炊き出しを受け持つ。', partners: '消防団（架空）', safety: '救護の係を置く。' }
    },
    lines: [
      ['income', '会費・自己資金', '自治会費', 62_000, ''],
      ['expense', '消耗品費', '炊き出しの材料、紙の器', 54_000, ''], ['expense', '使用料・賃借料', 'テント、発電機', 50_000, '2日分'], ['expense', '保険料', '行事の保険', 20_000, '']
    ]
  }
];
