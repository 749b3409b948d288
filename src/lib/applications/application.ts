/** A group's application to one edition of a scheme: its sections, its states, and what it still lacks. Pure. */

export type ApplicationState = 'draft' | 'submitted' | 'correction' | 'accepted' | 'proposed' | 'decided' | 'dismissed' | 'withdrawn';

/** The word for a state as everybody reads it, on screen, in mail and in lists. */
export const STATE_WORDS: Record<ApplicationState, string> = {
  draft: '作成中',
  submitted: '提出済み',
  correction: '補正中',
  accepted: '受理',
  proposed: '決裁待ち',
  decided: '決定済み',
  dismissed: '却下',
  withdrawn: '取下げ'
};

/** What a group is told before the release date: nobody outside the office sees that a decision was drafted or made. */
export function stateForGroup(state: ApplicationState, released: boolean): ApplicationState {
  return !released && (state === 'proposed' || state === 'decided') ? 'accepted' : state;
}

export type WaitingFor = 'applicant' | 'officer' | 'committee' | 'approver' | 'nobody';
export const WAITING_WORDS: Record<WaitingFor, string> = {
  applicant: '申請者', officer: '担当者', committee: '審査・起案', approver: '決裁者', nobody: 'なし'
};

/** Sections that hold answers to questions; 団体 comes from the dossier, 収支予算 and 添付 have pages of their own. */
export const ANSWER_SECTIONS = ['contact', 'project', 'schedule', 'team'] as const;
export type AnswerSection = (typeof ANSWER_SECTIONS)[number];
export const SECTIONS = ['organisation', ...ANSWER_SECTIONS, 'budget', 'papers'] as const;
export type Section = (typeof SECTIONS)[number];

export const SECTION_TITLES: Record<Section, string> = {
  organisation: '団体',
  contact: '連絡先',
  project: '事業の目的と内容',
  schedule: '日程と場所',
  team: '実施体制',
  budget: '収支予算',
  papers: '添付'
};

export interface Question {
  name: string;
  label: string;
  kind: 'text' | 'multiline' | 'kana' | 'email' | 'phone' | 'day' | 'integer';
  required: boolean;
  max: number;
  hint?: string;
  unit?: string;
  autocomplete?: string;
}

/** The questions every application answers; an edition's own questions will stand beside these. */
export const QUESTIONS: Record<AnswerSection, Question[]> = {
  contact: [
    { name: 'contact_name', label: '連絡先の氏名', kind: 'text', required: true, max: 100, hint: '申請について市から連絡するときの担当の方です。', autocomplete: 'name' },
    { name: 'contact_kana', label: '連絡先のフリガナ', kind: 'kana', required: true, max: 100 },
    { name: 'contact_phone', label: '連絡先の電話番号', kind: 'phone', required: true, max: 40, hint: '急ぎの確認に使います。', autocomplete: 'tel' },
    { name: 'contact_email', label: '連絡先のメールアドレス', kind: 'email', required: true, max: 254, autocomplete: 'email' }
  ],
  project: [
    { name: 'title', label: '事業名', kind: 'text', required: true, max: 100, hint: '採択されると公表されます。' },
    { name: 'purpose', label: '事業の目的', kind: 'multiline', required: true, max: 1000, hint: 'だれの、どんな困りごとや願いにこたえる事業ですか。' },
    { name: 'content', label: '事業の内容', kind: 'multiline', required: true, max: 2000, hint: '何を、どのように行いますか。' },
    { name: 'effect', label: '期待できる効果', kind: 'multiline', required: true, max: 1000 },
    { name: 'continuity', label: '来年度からの続け方', kind: 'multiline', required: false, max: 1000, hint: '支援が終わったあと、どのように続けますか。' }
  ],
  schedule: [
    { name: 'starts_on', label: '事業を始める日', kind: 'day', required: true, max: 0, hint: '交付の決定より後の日にしてください。' },
    { name: 'ends_on', label: '事業を終える日', kind: 'day', required: true, max: 0 },
    { name: 'place', label: '場所', kind: 'text', required: true, max: 200, hint: '例: 市民センター、○○公園' },
    { name: 'steps', label: '日程', kind: 'multiline', required: true, max: 1500, hint: '準備から終わりまで、月や日ごとに書いてください。' }
  ],
  team: [
    { name: 'staff_count', label: '運営に関わる人数', kind: 'integer', required: true, max: 100_000, unit: '人' },
    { name: 'participants', label: '参加を見込む人数', kind: 'integer', required: true, max: 1_000_000, unit: '人' },
    { name: 'structure', label: '役割分担', kind: 'multiline', required: true, max: 1000, hint: 'だれが何を受け持ちますか。' },
    { name: 'partners', label: '協力する団体', kind: 'multiline', required: false, max: 500, hint: '自治会、学校、NPO、事業者など。' },
    { name: 'safety', label: '安全への備え', kind: 'multiline', required: false, max: 500 }
  ]
};

export type Answer = string | number | null;
export type Answers = Record<string, Answer>;

export interface BudgetLine {
  side: 'income' | 'expense';
  category_id: string;
  item: string;
  amount_yen: number;
  basis: string;
}

/** One thing that keeps an application from being submitted, and where it is mended. */
export interface Missing { section: Section; field: string; message: string }

/** Questions of a section that still lack an answer, plus rules between answers. */
export function missingAnswers(section: AnswerSection, answers: Answers, completionDueOn: string): Missing[] {
  const missing: Missing[] = QUESTIONS[section]
    .filter((question) => question.required && (answers[question.name] === undefined || answers[question.name] === null || answers[question.name] === ''))
    .map((question) => ({ section, field: question.name, message: `「${question.label}」が未入力です。` }));
  if (section === 'schedule') {
    const { starts_on, ends_on } = answers;
    if (typeof starts_on === 'string' && typeof ends_on === 'string') {
      if (ends_on < starts_on) missing.push({ section, field: 'ends_on', message: '「事業を終える日」は、始める日と同じ日か、後の日にしてください。' });
      else if (ends_on > completionDueOn) missing.push({ section, field: 'ends_on', message: '「事業を終える日」が、この制度の完了期限より後になっています。' });
    }
  }
  return missing;
}
