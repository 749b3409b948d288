import { describe, expect, test } from 'vitest';
import { ROLES } from '../accounts/account.ts';
import { STATE_WORDS, type ApplicationState } from '../applications/application.ts';
import { isAllowed } from '../policy/policy.ts';
import { lineOf, nextSteps } from './next-steps.ts';

const STATES = Object.keys(STATE_WORDS) as ApplicationState[];
const labels = (...of: Parameters<typeof nextSteps>) => nextSteps(...of).map((step) => step.label);

describe('the steps offered', () => {
  test('lead nowhere the policy would refuse, for any role in any state', () => {
    for (const state of STATES) {
      for (const role of ROLES) {
        for (const step of nextSteps(state, [role], true)) expect(isAllowed(lineOf(step.path)!.get, [role]), `${role} ${state} ${step.path}`).toBe(true);
      }
    }
  });

  test('an officer acts, others read', () => {
    expect(labels('submitted', ['officer'], false)).toEqual(['形式審査をする', '補正を依頼する', '受理する', '却下する', '担当者を決める']);
    expect(labels('submitted', ['auditor'], false)).toEqual(['形式審査の結果を見る']);
    expect(labels('correction', ['approver'], false)).toEqual(['形式審査の結果を見る', '補正の依頼を見る']);
    expect(labels('proposed', ['officer'], true)).toEqual(['形式審査の結果を見る', '審査委員を見る', '起案を見る', '担当者を決める']);
    expect(labels('submitted', ['accountant'], false)).toEqual([]);
    expect(labels('withdrawn', ['officer'], false)).toEqual(['形式審査の結果を見る']);
  });

  test('one of them at most comes first, and only for somebody who may do it', () => {
    for (const state of STATES) {
      for (const role of ROLES) expect(nextSteps(state, [role], false).filter((step) => step.main).length).toBeLessThanOrEqual(role === 'officer' ? 1 : 0);
    }
    expect(nextSteps('submitted', ['officer'], false).find((step) => step.main)!.path).toBe('screening');
    expect(nextSteps('submitted', ['officer'], true).find((step) => step.main)!.path).toBe('acceptance');
  });
});
