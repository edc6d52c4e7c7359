"""As a neighbour on the machine, as a crash, as a full disk: nothing torn, nobody else's, nothing lost in silence."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from audio.data_folder import DataFolder
from audio.errors import ComposeError
from audio.files import FolderInUse, locked, open_quietly, private_folder, write_whole
from audio.recordings.service import RecordingService
from audio.recordings.store import RecordingStore
from audio.studio import client, orders
from audio.studio.client import Studio
from audio.studio.file_store import FileStore, elsewhere
from audio.studio.render import Render
from audio.studio.requests import PendingAnswer
from tests.conftest import ROOT, start_service, stop_service

AS_ROOT = hasattr(os, "getuid") and os.getuid() == 0
MB = 1024 * 1024


def store_of(data: Path, limit: int = 10 * MB) -> FileStore:
    (data / "takes").mkdir(parents=True, exist_ok=True)
    return FileStore(DataFolder(data), limit)


def put(store: FileStore, name: str, content: bytes) -> Path:
    """A file that was composed."""
    part = store.renders / f"{name}.x.part"
    part.write_bytes(content)
    store.put(part, store.renders / name)
    return store.renders / name


# ── what a crash leaves


@pytest.mark.parametrize("torn", [b"", b"half", b"whole sounD", b"whole sound and more"])
def test_a_file_that_a_crash_tore_is_never_served(tmp_path: Path, torn: bytes) -> None:
    path = put(store_of(tmp_path), "a.mp3", b"whole sound")
    assert store_of(tmp_path).find("a.mp3") == path
    path.write_bytes(torn)
    assert store_of(tmp_path).find("a.mp3") is None
    assert not path.exists()


def test_a_file_without_a_seal_is_made_again(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    (store.renders / "a.mp3").write_bytes(b"of an older version")
    assert store.find("a.mp3") is None


def test_a_file_that_shrinks_while_the_process_lives_is_noticed(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    path = put(store, "a.mp3", b"whole sound")
    path.write_bytes(b"who")
    assert store.find("a.mp3") is None


def test_what_is_renamed_was_written_to_the_disk_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    sync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (done.append("fsync"), sync(handle))[1])
    monkeypatch.setattr(os, "replace", lambda a, b: (done.append("replace"), replace(a, b))[1])
    write_whole(tmp_path / "x", b"content")
    assert done == ["fsync", "replace"]
    done.clear()
    put(store_of(tmp_path), "a.mp3", b"sound")
    assert done[0] == "fsync"
    assert done[-1] == "replace"


def test_a_short_file_ends_its_reader_instead_of_making_it_wait(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(b"short")
    render = Render("a")
    render.update({"event": "done", "path": str(path), "size": 100})
    with pytest.raises(ComposeError):
        list(render.read(render.open(), 0, 100))


# ── budgets


def test_two_prunes_at_once_and_files_that_go_meanwhile_are_no_accident(tmp_path: Path) -> None:
    store = store_of(tmp_path, 20_000)
    for n in range(60):
        put(store, f"{n}.mp3", b"x" * 1000)
    errors: list[BaseException] = []

    def prune() -> None:
        try:
            store.prune()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=prune) for _ in range(6)]
    for thread in threads:
        thread.start()
    for n in range(0, 60, 3):
        (store.renders / f"{n}.mp3").unlink(missing_ok=True)
    for thread in threads:
        thread.join()
    assert errors == []
    assert sum(path.stat().st_size for path in store.renders.glob("*")) <= 10_000


def test_pinned_clips_and_tunings_outlast_large_files(tmp_path: Path) -> None:
    store = store_of(tmp_path, MB)
    keys = [f"{n:064x}" for n in range(28)]
    for key in keys:
        write_whole(store.clips / key[:2] / f"{key}.clip", b"c" * 40_000)
    write_whole(store.clips / "voice.tuning", b"[1, 2, 3]")
    store.pin(keys)
    for n in range(10):
        put(store, f"{n}.wav", b"w" * 300_000)
        store.prune(store.renders / f"{n}.wav")
    assert all((store.clips / key[:2] / f"{key}.clip").exists() for key in keys)
    assert (store.clips / "voice.tuning").exists()
    assert sum(path.stat().st_size for path in store.renders.glob("*.wav")) <= MB
    store.pin([])
    store.prune()
    assert sum(path.stat().st_size for path in store.clips.glob("*/*")) <= MB // 2
    assert (store.clips / "voice.tuning").exists()


# ── folders of somebody else


def test_the_spare_folder_is_private_counted_and_pruned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    store = store_of(tmp_path / "data", MB)
    folder = private_folder(elsewhere(tmp_path / "data"))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    part = folder / "big.part"
    part.write_bytes(b"x" * 2 * MB)
    store.put(part, folder / "big.mp3")
    assert store.find("big.mp3") == folder / "big.mp3"
    store.prune()
    assert not (folder / "big.mp3").exists()


def test_a_folder_that_somebody_else_made_is_not_used(tmp_path: Path) -> None:
    real = tmp_path / "theirs"
    real.mkdir()
    (tmp_path / "link").symlink_to(real)
    with pytest.raises(OSError, match="somebody else"):
        private_folder(tmp_path / "link")
    if AS_ROOT:
        os.chown(real, 12345, 12345)
        with pytest.raises(OSError, match="somebody else"):
            private_folder(real)


def test_a_link_in_the_place_of_a_file_of_sound_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "passcode").write_text("secret")
    (tmp_path / "a.mp3").symlink_to(tmp_path / "passcode")
    with pytest.raises(OSError):  # noqa: PT011 - which one it is depends on the system
        open_quietly(tmp_path / "a.mp3")
    render = Render("a")
    render.update({"event": "done", "path": str(tmp_path / "a.mp3"), "size": 6})
    with pytest.raises(ComposeError):
        render.open()


# ── two services, and none


def test_a_second_service_on_one_folder_is_one_sentence(tmp_path: Path) -> None:
    service = start_service(tmp_path / "data")
    try:
        second = subprocess.run(
            [sys.executable, "-m", "server", "run", "--port", "0", "--data", str(tmp_path / "data")],
            cwd=ROOT, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
    finally:
        stop_service(service)
    assert second.returncode == 1
    assert "Another service works in the folder" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_lock_ends_with_its_holder(tmp_path: Path) -> None:
    with locked(tmp_path / "lock"), pytest.raises(FolderInUse), locked(tmp_path / "lock"):
        pass
    with locked(tmp_path / "lock"):
        pass


def run_on_read_only(data: Path) -> subprocess.CompletedProcess[str]:
    """The service on a folder that takes nothing: by its mode, or where root runs this, on a file system that is so."""
    command = [sys.executable, "-m", "server", "run", "--port", "0", "--data", str(data)]
    if AS_ROOT:
        if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode:
            pytest.skip("root may write everywhere, and nothing can be mounted here")
        mount = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
        command = ["unshare", "--mount", "sh", "-c", mount, str(data), *command]
    else:
        data.chmod(0o500)
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_a_folder_that_takes_nothing_is_one_sentence_however_often(tmp_path: Path) -> None:
    data = tmp_path / "data"
    incoming = RecordingStore(DataFolder(data).recordings).incoming
    incoming.mkdir(parents=True)
    (incoming / "upload.part").write_bytes(b"left over")
    for _ in range(2):
        done = run_on_read_only(data)
        assert done.returncode == 1
        assert done.stderr.startswith(f'Nothing can be kept in the folder "{data}"')
        assert len(done.stderr.strip().splitlines()) == 1


def test_what_an_upload_left_in_a_folder_that_takes_nothing_stops_no_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = RecordingStore(tmp_path / "recordings")
    store.incoming.mkdir(parents=True)
    left = store.incoming / "upload.part"
    left.write_bytes(b"x")
    os.utime(left, (1, 1))

    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "unlink", refuse)
    RecordingService(store, tmp_path / "clips", [tmp_path / "takes"])


# ── the pipe between service and studio


class Pipe:
    """A studio whose process is a script that prints what it is told to."""

    def __init__(self, tmp_path: Path, script: str):
        self.studio = Studio(tmp_path)
        self.studio._orders.command = [sys.executable, "-c", script]


def test_a_stray_line_is_skipped_and_the_service_goes_on_listening(tmp_path: Path) -> None:
    script = (
        "import sys, json\n"
        "for line in sys.stdin:\n"
        "    order = json.loads(line)\n"
        "    print('a voice says hello'); print('[1, 2'); print('7')\n"
        "    print(json.dumps({'id': order['id'], 'event': 'done', 'key': 'k'}), flush=True)\n"
    )
    pipe = Pipe(tmp_path, script)
    for _ in range(2):
        assert pipe.studio._orders.order({"op": "x"}).wait(20)["key"] == "k"
    pipe.studio.close()


@pytest.mark.parametrize(
    "bad",
    ['{"id": 1, "event": "do', '{"id": 1}', '{"event": "done"}', '{"id": 1, "event": "done", "path": 5}'],
)
def test_half_a_line_fails_what_is_pending_and_the_process_is_replaced(tmp_path: Path, bad: str) -> None:
    mark = tmp_path / "mark"
    script = (
        "import sys, json, os, time\n"
        "for line in sys.stdin:\n"
        "    order = json.loads(line)\n"
        f"    if not os.path.exists({str(mark)!r}):\n"
        f"        open({str(mark)!r}, 'w').close(); print({bad!r}, flush=True); time.sleep(60)\n"
        "    print(json.dumps({'id': order['id'], 'event': 'done', 'path': 'p', 'size': 1}), flush=True)\n"
    )
    pipe = Pipe(tmp_path, script)
    render = Render("a")
    with pipe.studio._orders.lock:
        pipe.studio._orders.give(render, {"op": "compose"}, None)
    began = time.monotonic()
    with pytest.raises(ComposeError, match="stopped in the middle"):
        render.wait_started()
    assert time.monotonic() - began < 30
    again = Render("a")
    with pipe.studio._orders.lock:
        pipe.studio._orders.give(again, {"op": "compose"}, None)
    again.wait_started()
    assert again.size == 1
    pipe.studio.close()


def test_what_an_engine_prints_or_reads_never_meets_the_protocol() -> None:
    code = (
        "import os, subprocess, sys\n"
        "from audio.studio.process import _private_pipes\n"
        "orders, out = _private_pipes()\n"
        "print('an engine prints'); sys.stdout.flush(); os.write(1, b'so does its library\\n')\n"
        "subprocess.run([sys.executable, '-c', 'print(1); import sys; assert sys.stdin.read() == \"\"'], check=True)\n"
        "out.write(orders.readline().upper()); out.flush()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        input="order\nsecond\n",
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout == "ORDER\n", done.stderr


def test_what_nobody_waits_for_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "LINGER_S", 0.05)
    script = "import sys\nfor line in sys.stdin: print(line, file=sys.stderr)\n"
    pipe = Pipe(tmp_path, script)
    studio = pipe.studio
    renders = []
    served = orders.SLOTS - 2  # one place is left for rooms, one for what was spoken before
    for n in range(served + 4):
        render = Render(str(n))
        with studio._orders.lock:
            studio._orders.give(render, {"op": "compose", "key": str(n)}, client.Asking())
        studio.hold(render)
        renders.append(render)
    assert len(studio._orders.waiting) == 4
    for render in renders[-4:]:
        studio.let_go(render)
    assert len(studio._orders.waiting) == 0
    assert renders[-1].error
    assert renders[0].error is None
    studio.close()


def test_a_process_that_was_told_typed_lines_is_replaced_once_it_is_idle(tmp_path: Path) -> None:
    script = (
        "import sys, json\n"
        "for line in sys.stdin:\n"
        "    print(json.dumps({'id': json.loads(line)['id'], 'event': 'done', 'key': 'k'}), flush=True)\n"
    )
    studio = Pipe(tmp_path, script).studio
    pending: PendingAnswer = studio._orders.order({"op": "x"})
    pending.wait(20)
    first = studio._orders.process
    assert first
    studio.renew()
    assert studio._orders.order({"op": "x"}).wait(20)["key"] == "k"
    assert studio._orders.process is not first
    assert first.wait(20) == 0
    studio.close()


def test_a_seal_is_the_size_and_the_digest(tmp_path: Path) -> None:
    put(store_of(tmp_path), "a.mp3", b"12345")
    assert json.loads((tmp_path / "seals" / "a.mp3").read_text())[0] == 5
