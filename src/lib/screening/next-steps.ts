/** What a person may do, or look at, from an application's page in its present state: the policy and the state decide. Pure. */
import type { Role } from '../accounts/account.ts';
import type { ApplicationState } from '../applications/application.ts';
import { isAllowed, policy } from '../policy/policy.ts';

interface Step {
  path: string;
  /** States in which it can be done, with the words of the button. */
  act: Partial<Record<ApplicationState, string>>;
  /** States in which it can be looked at, by those who may not act as well. */
  read: Partial<Record<ApplicationState, string>>;
}

const CHECKS = '形式審査の結果を見る';
const PANEL = '審査委員を見る';
const PROPOSAL = '起案を見る';

/** In the order in which the work is done. */
const STEPS: Step[] = [
  {
    path: 'screening', act: { submitted: '形式審査をする', correction: '形式審査をする' },
    read: { submitted: CHECKS, correction: CHECKS, accepted: CHECKS, proposed: CHECKS, decided: CHECKS, dismissed: CHECKS, withdrawn: CHECKS }
  },
  { path: 'correction', act: { submitted: '補正を依頼する', correction: '補正の依頼を見る・取り消す' }, read: { correction: '補正の依頼を見る' } },
  { path: 'acceptance', act: { submitted: '受理する' }, read: {} },
  { path: 'dismissal', act: { submitted: '却下する', correction: '却下する' }, read: {} },
  { path: 'panel', act: { accepted: '審査委員を割り当てる' }, read: { accepted: PANEL, proposed: PANEL, decided: PANEL } },
  { path: 'proposal', act: { accepted: '起案する' }, read: { proposed: PROPOSAL, decided: PROPOSAL } },
  { path: 'letter', act: { decided: '通知書を作る' }, read: { decided: '通知書を見る' } },
  {
    path: 'assignment', act: { submitted: '担当者を決める', correction: '担当者を決める', accepted: '担当者を決める', proposed: '担当者を決める' }, read: {}
  }
];

/** The policy's line for a page below an application's. */
export const lineOf = (path: string) => policy[`/(office)/office/applications/[application]/${path}`];

export interface NextStep { path: string; label: string; main: boolean }

/** `ready`: every requirement was found met on the newest submission, so acceptance comes next. */
export function nextSteps(state: ApplicationState, roles: readonly Role[], ready: boolean): NextStep[] {
  const main = { submitted: ready ? 'acceptance' : 'screening', correction: 'correction', accepted: 'panel', decided: 'letter' }[state as string];
  return STEPS.flatMap(({ path, act, read }) => {
    const line = lineOf(path);
    const mayAct = isAllowed(line?.post?.default, roles);
    const label = (mayAct && act[state]) || (isAllowed(line?.get, roles) && read[state]);
    return label ? [{ path, label, main: mayAct && path === main }] : [];
  });
}
