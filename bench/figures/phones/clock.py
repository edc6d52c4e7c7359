"""clock: how well web/static/room/server-clock.js finds the server's clock, in simulated time inside a real Chromium.

*Delays.* Each way has a floor, jitter and spikes, drawn independently for each message and each direction
from one distribution, so the ways differ at every message and are alike on the whole.

- RTT 40 and 80: floor 0.4 x RTT each way; jitter gamma of shape 2 with a mean of 0.1 x RTT each way, so that
  RTT is the mean round trip; one message in a hundred waits a further 50 to 300 ms (uniform).
- RTT 200, heavy-tailed: floor 75 ms each way; jitter lognormal with a median of 15 ms and sigma 1 (mean 25
  ms, one in a hundred above 150 ms); one message in a hundred waits a further Pareto time of at least 100 ms,
  alpha 1.5, cut at 3 s.
- In order: no message overtakes the one before it, as over one TCP connection, so those behind a spike wait
  too.

*Clocks.* The phone's runs 50 ppm fast or slow against the server's, by turns, and is read in steps of 0.1 ms.
The server holds a probe for 0 to 1 ms, between t1 and t2. Timers fire 0 to 4 ms late.

*Error.* The estimate of the server's time minus the true one, read four times a second from the moment that
the estimate first calls itself steady until five minutes; all readings of all runs are pooled.

*Step.* At a random moment between 20 s and 110 s of another run the phone's clock jumps by 300 ms, forth or
back by turns. Re-converged: after the last time within ten seconds that the error was above three times the
asked p95, or that there was no estimate. Every run counts; asked of the 95th percentile, with the worst
beside it.

What it cannot show: ways that differ for good, which no exchange can see; a busy page, which delays only the
way down.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import sync_playwright

from bench.lib.browsers.chromium import launch
from bench.lib.floors import ROOT
from bench.lib.report import Row

RUNS = 400
SEED = 20_240_229
LIMIT_S = 2.0
NETWORKS = (
    {"name": "RTT 40", "rtt": 40, "heavy": False, "asked": 1.0},
    {"name": "RTT 80", "rtt": 80, "heavy": False, "asked": 1.2},
    {"name": "RTT 200, heavy-tailed", "rtt": 200, "heavy": True, "asked": 5.0},
)
MODULE = ROOT / "web" / "static" / "room" / "server-clock.js"

SIMULATION = """async ({source, network, runs, seed, limitS}) => {
  const {createClock} = await import(URL.createObjectURL(new Blob([source], {type: "text/javascript"})));

  // mulberry32: small, and good enough for delays
  let state = seed >>> 0;
  function random() {
    state = (state + 0x6D2B79F5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
  const exponential = () => -Math.log(1 - random());
  const normal = () => Math.sqrt(2 * exponential()) * Math.cos(2 * Math.PI * random());
  const {rtt, heavy} = network;

  function delay() {
    if (heavy) {
      const spike = random() < 0.01 ? Math.min(3000, 100 * (1 - random()) ** (-1 / 1.5)) : 0;
      return 75 + 15 * Math.exp(normal()) + spike;
    }
    // a gamma of shape 2 is the sum of two exponentials
    const jitter = 0.05 * rtt * (exponential() + exponential());
    return 0.4 * rtt + jitter + (random() < 0.01 ? 50 + 250 * random() : 0);
  }

  function simulate({ppm, stepMs, stepAt, untilMs}) {
    const serverOrigin = (random() - 0.5) * 2e9, localOrigin = random() * 1e6;
    const server = (at) => at + serverOrigin;
    const exact = (at) => at * (1 + ppm * 1e-6) + localOrigin + (at >= stepAt ? stepMs : 0);
    const local = (at) => Math.floor(exact(at) * 10) / 10;
    const clock = createClock();
    const answers = [], readings = [];
    let at = 0, lastUp = 0, lastDown = 0, discarded = 0, steadyAt = Infinity, readAt = 0, sendAt = 0;
    const due = () => at + Math.max(0, clock.plan(local(at)) - local(at)) + 4 * random();
    while (at < untilMs) {
      at = Math.min(sendAt, readAt, answers[0]?.at ?? Infinity);
      if (at === readAt) {
        readings.push([at, clock.toServer(exact(at)) - server(at)]);
        readAt += 250;
      } else if (at === sendAt) {
        const probe = clock.probe(local(at));
        const up = lastUp = Math.max(lastUp, at + delay());
        const gone = up + random();
        const down = lastDown = Math.max(lastDown, gone + delay());
        answers.push({at: down, answer: {...probe, t1: server(up), t2: server(gone), epoch: "one"}});
        sendAt = due();
      } else {
        const verdict = clock.answer(answers.shift().answer, local(at));
        if (verdict === "discarded") discarded += 1;
        if (steadyAt === Infinity && clock.quality(local(at)).steady) steadyAt = at;
        sendAt = due();
      }
    }
    return {readings, discarded, steadyAt};
  }

  // no estimate at all is the largest error
  const size = (error) => Number.isNaN(error) ? Infinity : Math.abs(error);
  const errors = [], steady = [], back = [];
  let discarded = 0, stray = 0;
  for (let run = 0; run < runs; run++) {
    const ppm = run % 2 ? 50 : -50;
    const calm = simulate({ppm, stepMs: 0, stepAt: Infinity, untilMs: 300_000});
    steady.push(calm.steadyAt);
    discarded += calm.discarded;
    for (const [at, error] of calm.readings) if (at >= calm.steadyAt) errors.push(size(error));
    const stepAt = 20_000 + 90_000 * random();
    const stepped = simulate({ppm, stepMs: run % 4 < 2 ? 300 : -300, stepAt, untilMs: stepAt + 10_000});
    const after = stepped.readings.filter(([at]) => at >= stepAt);
    const off = after.filter(([, error]) => size(error) > 3 * network.asked);
    back.push(off.length ? off[off.length - 1][0] - stepAt : 0);
  }
  const share = (values, part) => {
    const order = [...values].sort((a, b) => a - b);
    return order[Math.min(order.length - 1, Math.floor(part * order.length))];
  };
  const told = (values) => [0.5, 0.95, 1].map((part) => share(values, part));
  return {errors: told(errors), p99: share(errors, 0.99), steady: told(steady), back: told(back), discarded,
    inTime: back.filter((ms) => ms <= limitS * 1000).length,
    count: errors.length, none: errors.filter((e) => e === Infinity).length};
}"""


def _rows(network: dict[str, Any], seen: dict[str, Any]) -> list[Row]:
    median, p95, most = seen["errors"]
    error = f"p95 {p95:.2f} ms; median {median:.2f}, p99 {seen['p99']:.2f}, max {most:.1f}, n={seen['count']}"
    lost = seen["none"] / seen["count"]
    if lost:
        error += f", {lost:.1%} without an estimate"
    middle, back, worst = (ms / 1000 for ms in seen["back"])
    returned = f"p95 {back:.2f} s; median {middle:.2f}, worst {worst:.2f}, {seen['inTime']} of {RUNS} in time"
    first = [ms / 1000 for ms in seen["steady"]]
    steady = f"p95 {first[1]:.2f} s; median {first[0]:.2f}, worst {first[2]:.2f}"
    asked = f"p95 ≤ {network['asked']:g} ms"
    ok = p95 <= network["asked"] and not lost
    again = f"p95 ≤ {LIMIT_S:g} s"
    return [
        Row(f"{network['name']}: error of the estimate", error, asked, ok=ok, values=seen),
        Row("  re-converged after a step of 300 ms", returned, again, ok=back <= LIMIT_S),
        Row("  first steady", steady),
        Row("  discarded although nothing had stepped", f"{seen['discarded']} times in {RUNS} runs"),
    ]


def measure() -> list[Row]:
    """The rows of this figure."""
    rows = []
    with sync_playwright() as playwright, launch(playwright) as browser:
        page = browser.new_page()
        for network in NETWORKS:
            told = {
                "source": MODULE.read_text(),
                "network": network,
                "runs": RUNS,
                "seed": SEED,
                "limitS": LIMIT_S,
            }
            rows += _rows(network, page.evaluate(SIMULATION, told))
    return rows
