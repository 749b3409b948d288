/** The rows that make this portal the portal of one municipality. Nothing of a particular city stands in code. */
export interface CitySettings {
  version: number;
  portal_name: string;
  city_name: string;
  city_code: string;
  mayor_title: string;
  mayor_name: string;
  section_name: string;
  postal_code: string;
  address: string;
  phone: string;
  office_hours: string;
  letterhead: string;
  seal_omitted_text: string;
  document_mark: string;
  mail_sender_name: string;
  mail_sender_address: string;
  association_word: string;
  fiscal_year_start_month: number;
}

export interface District { id: string; name: string; position: number; retired_at: Date | null }
export interface ClosingDay { on_day: string; reason: string }

/** Names of the settings as the administrator reads them, in the order of the form. */
export const SETTING_LABELS: Record<Exclude<keyof CitySettings, 'version'>, string> = {
  portal_name: 'ポータルの名前',
  city_name: '自治体名',
  city_code: '全国地方公共団体コード',
  mayor_title: '首長の職名',
  mayor_name: '首長の氏名',
  section_name: '担当課',
  postal_code: '郵便番号',
  address: '所在地',
  phone: '電話番号',
  office_hours: '受付時間',
  letterhead: '通知書の上に印刷する文言',
  seal_omitted_text: '公印省略の文言',
  document_mark: '文書番号の記号',
  mail_sender_name: 'メールの差出人名',
  mail_sender_address: 'メールの差出人アドレス',
  association_word: '自治会を指す言葉',
  fiscal_year_start_month: '年度の始まる月'
};
