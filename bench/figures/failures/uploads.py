"""uploads: a thousand mutated uploads over HTTP: whether each gets a typed error, how soon, and in how much memory.

Nothing among them can be a recorded line: headers that lie or say absurd things, files cut short, files of other
kinds, silence, samples that are no numbers, and bombs (a header of a million chunks, a minute of silence at the
highest rate, a ZIP that unpacks to a thousand times its size, lengths that no body ever follows). Peaks are those of
the process that serves and of the one that works, reset before the first upload, against what both held then.
"""

from __future__ import annotations

import io
import json
import random
import socket
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.lib.report import CannotMeasure, Row, Spread, milliseconds
from bench.lib.service import Service, peak_mb

COUNT = 1000
ALLOWED_S, ALLOWED_MB = 1.0, 50.0
SETTLE_S = 4.0
LINE = "/therapist/recordings/doorway/{line}.wav"
SET = "/therapist/recordings/import.json"
_RATE = 48_000
_MOST = 20 * 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """One request body; `length` is what its header says, None for the truth."""

    kind: str
    body: bytes
    is_set: bool = False
    length: int | None = None


def wav(
    data: bytes, channels: int = 1, rate: int = _RATE, bits: int = 16, kind: int = 1, riff: int | None = None,
    said: int | None = None, frame: int | None = None, before: bytes = b"",
) -> bytes:  # fmt: skip
    """A WAV that says what it is told to."""
    frame = channels * bits // 8 % 65536 if frame is None else frame
    form = struct.pack("<HHIIHH", kind, channels, rate, rate * frame % 2**32, frame, bits)
    body = b"WAVEfmt " + struct.pack("<I", 16) + form + before
    body += b"data" + struct.pack("<I", len(data) if said is None else said) + data
    return b"RIFF" + struct.pack("<I", len(body) if riff is None else riff) + body


def _noise(random_: random.Random, seconds: float = 1.0) -> bytes:
    return random_.randbytes(2 * round(seconds * _RATE))


def _zip(size: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("recordings.json", json.dumps({"format": 1, "lines": {}}))
        made.writestr(f"lines/{'a' * 64}.wav", bytes(size))
    return buffer.getvalue()


def _absurd_rate(r: random.Random) -> Upload:
    return Upload("absurd rate", wav(_noise(r), rate=r.choice([0, 1, 7_999, 96_001, 2**31, 2**32 - 1])))


def _absurd_header(r: random.Random) -> Upload:
    changes: list[dict[str, int]] = [
        {"channels": r.choice([0, 3, 255, 65535])}, {"bits": r.choice([0, 1, 7, 12, 48, 64, 65535])},
        {"kind": r.choice([0, 2, 6, 0x55, 0xFFFE])}, {"frame": r.choice([0, 1, 3, 65535])},
    ]  # fmt: skip
    return Upload("absurd header", wav(_noise(r), **r.choice(changes)))  # type: ignore[arg-type]


def _lying_sizes(r: random.Random) -> Upload:
    data = _noise(r)
    lie = r.choice(
        [{"said": len(data) + 2 * r.randint(1, 10**6)}, {"said": 2**32 - 2}, {"riff": r.randint(0, 60)}]
    )
    return Upload("sizes that lie", wav(data, **lie))  # type: ignore[arg-type]


def _cut_short(r: random.Random) -> Upload:
    whole = wav(_noise(r))
    return Upload("cut short", whole[: r.randrange(len(whole) - 2)])


def _never_whole(r: random.Random) -> Upload:
    whole = wav(_noise(r))
    return Upload("a body that never comes whole", whole[: r.randrange(len(whole))], length=len(whole))


def _other_kind(r: random.Random) -> Upload:
    starts = [
        b"ID3\x04",
        b"OggS",
        b"fLaC",
        b"\x89PNG\r\n",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"RIFX",
        b"RF64",
        b"",
        b"{}",
    ]
    return Upload("another kind of file", r.choice(starts) + r.randbytes(r.randrange(50_000)))


def _empty(r: random.Random) -> Upload:
    return Upload("nothing", r.choice([b"", wav(b"")]))


def _silence(r: random.Random) -> Upload:
    rate, seconds = r.choice([(8_000, 60), (48_000, 60), (96_000, 60)])
    return Upload("a minute of silence", wav(bytes(2 * rate * seconds), rate=rate))


def _no_numbers(r: random.Random) -> Upload:
    value = r.choice([float("nan"), float("inf"), 1e30])
    return Upload("samples that are no numbers", wav(struct.pack("<f", value) * _RATE, bits=32, kind=3))


def _many_chunks(r: random.Random) -> Upload:
    return Upload("a million chunks", wav(_noise(r), before=(b"junk" + bytes(4)) * (_MOST // 8 - 20_000)))


def _too_large(r: random.Random) -> Upload:
    return Upload("too large", wav(bytes(_MOST + 2 * r.randrange(1, 1000))))


def _too_long(r: random.Random) -> Upload:
    return Upload("too long", wav(bytes(2 * 8_000 * r.randint(61, 600)), rate=8_000))


def _no_body(r: random.Random) -> Upload:
    return Upload("a length and nothing else", b"", length=r.choice([10**9, 10**12, 10**18]))


def _bomb(r: random.Random) -> Upload:
    return Upload("a ZIP bomb", _zip(r.choice([10**6, 10**7, 10**8])), is_set=True)


def _bad_zip(r: random.Random) -> Upload:
    content = bytearray(_zip(1000))
    for _ in range(r.randint(1, 20)):
        content[r.randrange(len(content))] = r.randrange(256)
    return Upload("a damaged ZIP", bytes(content) + zlib.compress(b"x"), is_set=True)


MUTATIONS: tuple[Callable[[random.Random], Upload], ...] = (
    _absurd_rate, _absurd_header, _lying_sizes, _cut_short, _never_whole, _other_kind, _empty, _silence,
    _no_numbers, _many_chunks, _too_large, _too_long, _no_body, _bomb, _bad_zip,
)  # fmt: skip


def upload(number: int) -> Upload:
    """The upload of this number; always the same one."""
    return MUTATIONS[number % len(MUTATIONS)](random.Random(number))


@dataclass(frozen=True)
class Refusal:
    """The answer: the code of the error (empty where it was none), and how long it took."""

    kind: str
    code: str
    seconds: float


def sign_in(host: str, passcode: str) -> str:
    """The cookie of a therapist."""
    body = json.dumps({"passcode": passcode}).encode()
    head = (
        f"POST /therapist/sign-in HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nConnection: close\r\n"
    )
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    answer = _exchange(host, head.encode() + body)
    for line in answer.decode("latin-1").split("\r\n"):
        if line.lower().startswith("set-cookie: therapist="):
            return line.split(": ", 1)[1].split(";")[0]
    raise CannotMeasure("signing in failed.")


def send(host: str, cookie: str, line: str, one: Upload) -> Refusal:
    """Send one upload, as a page of the service would."""
    head = f"POST {SET if one.is_set else LINE.format(line=line)} HTTP/1.1\r\nHost: {host}\r\n"
    head += f"Origin: http://{host}\r\nAccept: application/json\r\nConnection: close\r\nCookie: {cookie}\r\n"
    length = len(one.body) if one.length is None else one.length
    head += f"Content-Type: audio/wav\r\nContent-Length: {length}\r\n\r\n"
    started = time.perf_counter()
    answer = _exchange(host, head.encode() + one.body)
    took = time.perf_counter() - started
    try:
        code = str(json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["code"])
    except (ValueError, KeyError, TypeError):
        code = ""
    return Refusal(one.kind, code, took)


def _exchange(host: str, request: bytes) -> bytes:
    """One request on a connection of its own, our side closed behind it."""
    name, _, port = host.rpartition(":")
    with socket.create_connection((name, int(port)), 30) as link:
        try:
            link.sendall(request)
            link.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # refused before all of it was sent; what was answered can still be read
        answer = bytearray()
        try:
            while piece := link.recv(65536):
                answer += piece
        except OSError:
            pass
    return bytes(answer)


def _reset_peak(pid: int) -> float:
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    return peak_mb(pid)


def measure() -> list[Row]:
    """The rows of this figure."""
    from exercises.library import load_library
    from exercises.recordable import read_lines

    line = read_lines(load_library().get("doorway"))[0].digest
    with Service() as service:
        host = f"127.0.0.1:{service.port}"
        cookie = sign_in(host, (service.data / "passcode").read_text().strip())
        time.sleep(SETTLE_S)
        processes = service.processes()
        try:
            before = {role: _reset_peak(pid) for role, pid in processes.items()}
        except OSError as error:
            raise CannotMeasure("this system does not let a process's peak memory be reset.") from error
        refusals = [send(host, cookie, line, upload(number)) for number in range(COUNT)]
        grown = {role: peak_mb(pid) - before[role] for role, pid in processes.items()}
        same = service.processes() == processes
        kept = [path for path in (service.data / "recordings").rglob("*") if path.is_file()]
    return _rows(refusals, grown, before, same and not kept)


def _rows(
    refusals: list[Refusal], grown: dict[str, float], before: dict[str, float], clean: bool
) -> list[Row]:
    typed = [one for one in refusals if one.code and one.code not in ("internal", "bad_request")]
    times = Spread.of(one.seconds for one in refusals)
    slowest = max(refusals, key=lambda one: one.seconds)
    codes = sorted({one.code for one in typed})
    rows = [
        Row(
            f"{len(refusals)} mutated uploads, a typed error each",
            f"{len(typed)} ({len(codes)} codes), {'nothing left behind' if clean else 'SOMETHING LEFT'}",
            f"{len(refusals)}",
            ok=len(typed) == len(refusals) and clean,
            values={"codes": codes, "untyped": [one.kind for one in refusals if one not in typed][:20]},
        ),
        Row(
            "  how soon, the slowest",
            f"{max(times.values):.2f} s ({slowest.kind})",
            f"≤ {ALLOWED_S:.0f} s",
            floor=f"median {milliseconds(times)}",
            ok=max(times.values) <= ALLOWED_S,
        ),
    ]
    return rows + [
        Row(
            f"  peak memory of the {role} process",
            f"+{more:.1f} MB",
            f"≤ +{ALLOWED_MB:.0f} MB",
            floor=f"before {before[role]:.0f} MB",
            ok=more <= ALLOWED_MB,
        )
        for role, more in grown.items()
    ]
