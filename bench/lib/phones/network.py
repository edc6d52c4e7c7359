"""A network between phones and service: every piece of a TCP connection waits a random, seeded time on its way.

`python -m bench.lib.phones.network PORT RTT SEED` listens on a free port, prints it, and carries every connection to
PORT. It is a process of its own, so that nothing that measures holds it up. The delays are those of
bench/figures/phones/clock.py: each way and each piece draws its own, from one distribution, and nothing overtakes what
went before it on the same connection.

- RTT below 200: floor 0.4 x RTT each way; jitter gamma of shape 2 with a mean of 0.1 x RTT each way, so that RTT is
the mean round trip; one piece in a hundred waits a further 50 to 300 ms (uniform). - RTT of 200 and more, heavy-
tailed: floor 0.375 x RTT each way; jitter lognormal with a median of 0.075 x RTT and sigma 1; one piece in a
hundred waits a further Pareto time of at least 100 ms, alpha 1.5, cut at 3 s. - RTT 0: nothing waits.

Stopped by SIGSTOP it is a network that takes everything and delivers nothing, as a phone has it in a lift.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import subprocess
import sys
from collections.abc import Iterator

from bench.lib.floors import ROOT
from bench.lib.report import CannotMeasure

HEAVY_FROM_MS = 200
_PIECE = 65536


def delay_ms(rtt: float, chance: random.Random) -> float:
    """Seconds that one piece is on its way."""
    if rtt == 0:
        return 0.0
    if rtt >= HEAVY_FROM_MS:
        spike = min(3000.0, 100.0 * chance.paretovariate(1.5)) if chance.random() < 0.01 else 0.0
        return 0.375 * rtt + 0.075 * rtt * chance.lognormvariate(0, 1) + spike
    spike = chance.uniform(50, 300) if chance.random() < 0.01 else 0.0
    return 0.4 * rtt + chance.gammavariate(2, 0.05 * rtt) + spike


class _Way:
    """One direction of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, rtt: float, seed: str):
        self._reader, self._writer, self._rtt, self._chance = reader, writer, rtt, random.Random(seed)
        self._due: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def carry(self) -> None:
        """Until there is no more to carry."""
        delivering = asyncio.create_task(self._deliver())
        loop, latest = asyncio.get_running_loop(), 0.0
        with contextlib.suppress(OSError):
            while piece := await self._reader.read(_PIECE):
                latest = max(latest, loop.time() + delay_ms(self._rtt, self._chance) / 1000)
                self._due.put_nowait((latest, piece))
        self._due.put_nowait((latest, b""))
        await delivering

    async def _deliver(self) -> None:
        loop = asyncio.get_running_loop()
        with contextlib.suppress(OSError):
            while True:
                due, piece = await self._due.get()
                await asyncio.sleep(max(0.0, due - loop.time()))
                if not piece:
                    break
                self._writer.write(piece)
                await self._writer.drain()
        self._writer.close()


async def _serve(port: int, rtt: float, seed: str) -> None:
    count = 0

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal count
        count += 1
        mine = f"{seed}:{count}"
        try:
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            writer.close()
            return
        up = _Way(reader, there_writer, rtt, f"{mine}:up")
        down = _Way(there_reader, writer, rtt, f"{mine}:down")
        await asyncio.gather(up.carry(), down.carry())

    server = await asyncio.start_server(carry, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


class Network:
    """A running network; `address` is where the phones find the service through it."""

    def __init__(self, process: subprocess.Popen[str], port: int):
        self._process = process
        self.address = f"http://127.0.0.1:{port}"

    def cut(self) -> None:
        """Nothing is delivered any more, and nobody is told."""
        self._process.send_signal(signal.SIGSTOP)

    def mend(self) -> None:
        """Deliver what waited."""
        self._process.send_signal(signal.SIGCONT)


@contextlib.contextmanager
def network(port: int, rtt: float = 0, seed: int = 1) -> Iterator[Network]:
    """A network in front of a port of this machine, while the block runs."""
    command = [sys.executable, "-m", "bench.lib.phones.network", str(port), str(rtt), str(seed)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout
    line = process.stdout.readline()
    try:
        if not line.strip().isdigit():
            raise CannotMeasure("the network between phones and service does not start.")
        yield Network(process, int(line))
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]))
