/**
 * The connection to the room: it comes back by itself, asks for the shared clock, and loses no operation.
 *
 * Messages are numbered, kept until the room has answered, and sent again on the next connection; the room carries
 * a number out once. Everything from outside is passed in.
 *
 * @typedef {"connecting" | "open" | "lost" | "closed"} LinkState
 * @typedef {{ok: boolean, code?: string, words?: string}} Reply
 * @typedef {{send: (text: string) => void, close: () => void, onopen: any, onmessage: any, onclose: any}} Socket
 * @typedef {{
 *   open: () => Socket,
 *   now: () => number,
 *   later: (act: () => void, ms: number) => number,
 *   cancel: (timer: number) => void,
 *   clock: ReturnType<typeof import("./server-clock.js").createClock>,
 *   backoff: ReturnType<typeof import("./backoff.js").createBackoff>,
 *   hello: () => {plan: number, nearest: string | null, let_see: boolean},
 *   isGone: () => Promise<boolean>,
 *   onState: (state: LinkState) => void,
 *   onMessage: (message: any) => void,
 *   onRefused: (words: string, code: string) => void,
 *   onClosed: (words: string) => void,
 * }} Outside
 */

import {t} from "../shared/translate.js";

const VERSION = 1;
/** The length to which what is said is padded, in letters, so that its length tells the network nothing of what it is. */
const PADDED = 192;
/** A connection on which nothing was heard for so long, though it was asked, is dead. */
const SILENT_MS = 8000;
/** A connection that does not open within this time is given up. */
const OPENING_MS = 8000;
/** After so many tries that were not let in, ask whether there is still a room. */
const DOUBTFUL_TRIES = 3;
/** Closed on purpose: coming back would be of no use. @type {Record<number, string>} */
const FAREWELLS = {
  4001: t("This room is open on another of your pages now."),
  4002: t("This phone’s place in the room was freed."),
  4003: t("This room is closed."),
};

/** @param {Outside} outside */
export function createLink(outside) {
  const {now, clock, backoff} = outside;
  /** @type {Socket | null} */
  let socket = null;
  /** @type {LinkState} */
  let state = "connecting";
  let connection = 0;
  /** The connection that the room has let in: until then it takes nothing but a hello and a probe. */
  let admitted = -1;
  let nextOp = 0;
  let tries = 0;
  let retryTimer = 0;
  let probeTimer = 0;
  let heardAt = 0;
  /** The clock of this connection; null until a probe of it was answered. @type {string | null} */
  let epoch = null;
  /** @type {{op: number, command: object, settle: (reply: Reply) => void, isFleeting: boolean}[]} */
  const unanswered = [];

  /** @param {LinkState} next */
  function turnTo(next) {
    if (state === next || state === "closed") return;
    state = next;
    outside.onState(next);
  }

  /** Tells whether what is said now goes out now. */
  function isIn() {
    return admitted === connection;
  }

  /** @param {object} message */
  function write(message) {
    socket?.send(JSON.stringify({v: VERSION, ...message}).padEnd(PADDED));
  }

  function connect() {
    outside.cancel(retryTimer);
    outside.cancel(probeTimer); // the old one's; a socket that is not open yet throws at what is sent
    const mine = ++connection;
    epoch = null;
    const opened = outside.open();
    socket = opened;
    let wasOpen = false;
    retryTimer = outside.later(() => {
      if (mine !== connection) return;
      lost(false);
      opened.close();
    }, OPENING_MS);
    opened.onopen = () => {
      if (mine !== connection) return;
      outside.cancel(retryTimer);
      wasOpen = true;
      tries = 0;
      heardAt = now();
      backoff.opened(heardAt);
      write({type: "hello", ...outside.hello()});
      probe();
    };
    opened.onmessage = (/** @type {{data: string}} */ event) => {
      const at = now(); // before anything else: it is half of a measurement
      if (mine === connection) take(JSON.parse(event.data), at);
    };
    opened.onclose = (/** @type {{code?: number} | undefined} */ event) => {
      if (mine !== connection) return;
      const words = FAREWELLS[event?.code ?? 0];
      if (words) end(words); else lost(wasOpen);
    };
  }

  /** @param {boolean} wasOpen */
  function lost(wasOpen) {
    connection += 1;
    socket = null;
    outside.cancel(probeTimer);
    if (state === "closed") return;
    backoff.lost(now());
    turnTo("lost");
    retryTimer = outside.later(connect, backoff.next());
    if (!wasOpen && ++tries === DOUBTFUL_TRIES) doubt();
  }

  async function doubt() {
    tries = 0;
    if (await outside.isGone()) end(FAREWELLS[4003]);
  }

  /** @param {string} words */
  function end(words) {
    if (state === "closed") return;
    turnTo("closed");
    outside.cancel(retryTimer);
    outside.cancel(probeTimer);
    connection += 1;
    socket?.close();
    socket = null;
    for (const {settle} of unanswered.splice(0)) settle({ok: false, code: "closed", words});
    outside.onClosed(words);
  }

  function probe() {
    outside.cancel(probeTimer);
    const at = now();
    if (at - heardAt > SILENT_MS) return replace();
    if (clock.plan(at) <= at) {
      // The time is taken last of all. It goes out as it is and comes back untouched.
      const {id, t0} = clock.probe(now());
      write({type: "probe", id, t0});
    }
    probeTimer = outside.later(probe, Math.max(0, clock.plan(now()) - now()));
  }

  /** Not waiting for the old one's end, which can take minutes to be noticed. */
  function replace() {
    if (state === "closed") return;
    const old = socket;
    connect();
    old?.close();
  }

  /** @param {any} message @param {number} at */
  function take(message, at) {
    heardAt = at;
    switch (message.type) {
      case "probe": {
        const {id, t0, t1, t2} = message;
        const verdict = clock.answer({id, t0, t1: t1 * 1000, t2: t2 * 1000, epoch: message.epoch}, at);
        if (verdict !== "ignored") epoch = message.epoch;
        return probe();
      }
      case "welcome": return welcome(message.op);
      case "done": return settle(message.op, {ok: true});
      case "refused":
        if (!settle(message.op, {ok: false, code: message.code, words: message.words})) {
          outside.onRefused(message.words, message.code);
        }
        return;
      case "closed": return end(message.words);
      default: return outside.onMessage(message);
    }
  }

  /** @param {number} op the last one of this seat that was carried out */
  function welcome(op) {
    admitted = connection;
    nextOp = Math.max(nextOp, op + 1);
    for (const entry of unanswered.filter(({isFleeting}) => isFleeting)) {
      unanswered.splice(unanswered.indexOf(entry), 1);
      entry.settle({ok: false, code: "lost"});
    }
    for (const entry of unanswered) {
      entry.op ||= nextOp++;
      write({...entry.command, op: entry.op});
    }
    turnTo("open");
  }

  /** @param {number | null} op @param {Reply} reply */
  function settle(op, reply) {
    const index = unanswered.findIndex((entry) => op !== null && entry.op === op);
    if (index < 0) return op !== null;
    unanswered.splice(index, 1)[0].settle(reply);
    return true;
  }

  /** Keeps an operation until it is answered, and says it if there is a connection. @param {typeof unanswered[number]} entry */
  function keep(entry) {
    unanswered.push(entry);
    if (!isIn()) return;
    entry.op = nextOp++;
    write({...entry.command, op: entry.op});
  }

  return {
    connect,

    /** The page is back in view, or the network is: what was measured and what was open count for nothing. */
    refresh() {
      backoff.reset();
      clock.restart();
      replace();
    },

    /** Tells how something is now. Not numbered: the last one counts. @param {object} message */
    report(message) {
      if (isIn()) write(message);
    },

    /** Says an operation, now or as soon as there is a connection. @param {object} command @returns {Promise<Reply>} */
    say(command) {
      return new Promise((settled) => {
        if (state === "closed") return settled({ok: false, code: "closed", words: FAREWELLS[4003]});
        keep({op: 0, command, settle: settled, isFleeting: false});
      });
    },

    /** Says what means something at this moment alone: without a connection it is not said, and it is never said again.
     * @param {object} command @returns {Promise<Reply>} */
    sayNow(command) {
      return new Promise((settled) => {
        if (!isIn()) return settled({ok: false, code: "lost"});
        keep({op: 0, command, settle: settled, isFleeting: true});
      });
    },

    /** As the page tells it: while one open connection takes another's place, it is still "open". */
    get state() {
      return state;
    },

    /** Tells whether what is said now goes out now. */
    get isIn() {
      return isIn();
    },

    /** The shared clock that this connection speaks of; null until it has been asked. */
    get epoch() {
      return epoch;
    },

    /** Which connection this is; a course belongs to the one that it came on. */
    get connection() {
      return connection;
    },
  };
}
