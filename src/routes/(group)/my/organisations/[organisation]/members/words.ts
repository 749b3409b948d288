import { MAX_INVITATIONS_PER_DAY, MAX_MEMBERS } from '$lib/organisations/organisation';

type Refusal = { status: number; field: string; message: string };
const refusal = (status: number, message: string, field = ''): Refusal => ({ status, field, message });
const OFFICE_ACTING = '市が、代表者の交代の手続きを進めています。終わるまで、団体では代表者を決められません。下の電話番号に連絡してください。';
const ONLY_REPRESENTATIVE = '代表者だけができる操作です。代表者に頼んでください。';

/** Each refusal of a verb, as the member reads it. */
export const INVITE: Record<string, Refusal> = {
  not_allowed: refusal(403, ONLY_REPRESENTATIVE),
  has_representative: refusal(409, 'この団体には、すでに代表者がいます。担当者として招待し、参加した後に「代表者を交代する」を使ってください。', 'role'),
  office_acting: refusal(409, OFFICE_ACTING, 'role'),
  already_member: refusal(409, 'このメールアドレスの人は、すでにこの団体の手続きをする人です。', 'email'),
  too_many: refusal(409, `手続きをする人と招待中の人は、合わせて${MAX_MEMBERS}人までです。使わない招待を取り消してください。`),
  too_many_today: refusal(429, `招待は1日に${MAX_INVITATIONS_PER_DAY}件までです。明日、もう一度招待してください。`),
  throttled: refusal(429, '招待のメールが続いたため、いったん止めています。しばらく待ってから、もう一度招待してください。'),
  reset_required: refusal(429, '招待のメールが続いたため、いったん止めています。しばらく待ってから、もう一度招待してください。')
};

export const CANCEL: Record<string, Refusal> = {
  not_allowed: refusal(403, ONLY_REPRESENTATIVE),
  over: refusal(409, 'この招待は、すでに使われたか、取り消されています。市からの招待は、市の担当課に連絡してください。')
};

export const END: Record<string, Refusal> = {
  not_found: refusal(409, 'この人の手続きは、すでに終わっています。'),
  not_allowed: refusal(403, ONLY_REPRESENTATIVE),
  representative: refusal(409, '代表者は、先に「代表者を交代する」で次の代表者を決めてください。'),
  last_member: refusal(409, 'この団体の手続きをする人がいなくなるため、終えられません。先に別の人を招待して、参加してもらってください。')
};

export const HANDOVER: Record<string, Refusal> = {
  not_found: refusal(409, '選んだ人は、もうこの団体の手続きをしていません。選び直してください。', 'successor'),
  not_allowed: refusal(403, ONLY_REPRESENTATIVE),
  same_person: refusal(409, '選んだ人は、すでに代表者です。', 'successor'),
  office_acting: refusal(409, OFFICE_ACTING),
  ending: refusal(409, '終わる日が決まっている人や、利用を止めている人は、代表者になれません。ほかの人を選んでください。', 'successor')
};

export const DONE: Record<string, string> = {
  invited: '招待のメールを送りました。', cancelled: '招待を取り消しました。', ended: '手続きを終える日を決めました。', handover: '代表者を交代しました。'
};
