/** Saves what is written: one request at a time, the newest text last; "saved" is said only of what the service has kept. */

const AGAIN_MS = 2000;

/**
 * @param {{
 *   rev: number,
 *   texts: () => Record<string, string>,
 *   send: (body: object, leaving: boolean) => Promise<Response>,
 *   showState: (state: "saved" | "saving" | "waiting") => void,
 *   showHistory: (state: {can_undo: boolean, can_redo: boolean}) => void,
 *   refused: (code: string, words: string) => void,
 *   accepted: () => void,
 * }} page
 */
export function createSaver(page) {
  let rev = page.rev, kept = JSON.stringify(page.texts()), refused = false;
  /** @type {Promise<void> | null} */
  let under = null;

  const isKept = () => JSON.stringify(page.texts()) === kept;

  async function once() {
    const texts = page.texts();
    page.showState("saving");
    const answer = await page.send({rev, texts}, false).catch(() => null);
    if (!answer || answer.status >= 500 || answer.status === 429) {
      page.showState("waiting");
      setTimeout(() => saver.save(), AGAIN_MS);
      return false;
    }
    const told = await answer.json();
    if (!answer.ok) {
      refused = told.error.code === "changed_elsewhere";
      page.showState("waiting");
      page.refused(told.error.code, told.error.message);
      return false;
    }
    rev = told.rev;
    kept = JSON.stringify(texts);
    page.showHistory(told);
    page.accepted();
    return true;
  }

  async function work() {
    while (!isKept() && !refused && await once());
    if (isKept()) page.showState("saved");
  }

  const saver = {
    rev: () => rev,
    changed() {
      if (!isKept()) page.showState("saving");
    },
    save() {
      under ??= work().finally(() => { under = null; });
      return under;
    },
    /** Wait until what is written is kept, or cannot be. */
    async settle() {
      await saver.save();
    },
    /** @param {number} newer */
    took(newer) {
      rev = newer;
      kept = JSON.stringify(page.texts());
      page.showState("saved");
    },
    /** The page goes: the request has to outlive it. */
    leave() {
      // what is under way arrives first
      if (!isKept() && !refused) page.send({rev: under ? rev + 1 : rev, texts: page.texts()}, true).catch(() => {});
    },
  };
  return saver;
}
