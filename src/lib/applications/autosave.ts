/** Kit's `deserialize`, handed in so that this file needs no framework. */
type Deserialize = (text: string) => { type: string; data?: Record<string, unknown> | undefined };

/** How long typing must rest before it is saved. */
const REST_MS = 3_000;

/**
 * Browser code: saves a section by itself while somebody types, through the same action as the button. `tell` shows what
 * happened; a failure is said with its cause, because what is believed to be saved is lost (grants.md §3.1).
 */
export function autosave(deserialize: Deserialize, tell: (words: string, failed: boolean) => void) {
  return (form: HTMLFormElement) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let underWay: Promise<void> | null = null;
    let passing = false;

    const save = async () => {
      const body = new FormData(form);
      body.set('_then', 'auto');
      try {
        const answer = await fetch(form.action, { method: 'POST', body, headers: { accept: 'application/json', 'x-sveltekit-action': 'true' } });
        if (answer.status === 401) return tell('ログインの時間が切れました。「保存する」を押すと、ログインして続けられます。', true);
        if (!answer.headers.get('content-type')?.includes('json')) return tell('サーバーにつながりません。この画面を閉じずに、あとで「保存する」を押してください。', true);
        const result = deserialize(await answer.text());
        if (result.type === 'success' && typeof result.data?.version === 'number') {
          form.querySelector<HTMLInputElement>('input[name=_version]')!.value = String(result.data.version);
          return tell('自動で保存しました。', false);
        }
        tell('まだ保存していません。「保存する」を押すと、直すところが分かります。', true);
      } catch {
        tell('通信できません。この画面を閉じずに、あとで「保存する」を押してください。', true);
      }
    };

    const typed = () => {
      clearTimeout(timer);
      timer = setTimeout(() => { underWay = save().finally(() => { underWay = null; }); }, REST_MS);
    };
    // The button waits for a saving under way: otherwise its version would be the one before, and we would refuse ourselves.
    const sent = (event: SubmitEvent) => {
      clearTimeout(timer);
      if (!underWay || passing) return;
      event.preventDefault();
      void underWay.then(() => { passing = true; form.requestSubmit(event.submitter); passing = false; });
    };
    form.addEventListener('input', typed);
    form.addEventListener('submit', sent);
    return () => {
      clearTimeout(timer);
      form.removeEventListener('input', typed);
      form.removeEventListener('submit', sent);
    };
  };
}
