"""The container, built by its own file, on a root of Debian in place of the image that no registry gives here.

`debootstrap` makes the root, and `buildah` takes it for the image that the Containerfile names, runs each of its steps
in it, and shows what came of them. What runs then is what the container would run: its user, its environment, its
command, on a root that cannot be written to, with its one volume.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TOOLS = ("buildah", "debootstrap", "unshare", "setpriv", "git")
SUITE, MIRROR = "bookworm", "http://deb.debian.org/debian"
PACKAGES = "python3-pip,ca-certificates"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
TAG = "localhost/still-here"
STEP_LIMIT_S = 600


class CannotBuild(Exception):
    """This machine cannot build containers, and why, in one sentence."""


@dataclass(frozen=True)
class Image:
    """What was built: its root as a folder, and what it says of itself (user, environment, command)."""

    root: Path
    config: dict[str, Any]

    def command(self, volume: Path) -> list[str]:
        """Its entrypoint and command, on a root that is read-only, with `volume` as /data and an own /tmp."""
        user, group = self.config["User"].split(":")
        prepare = (
            'mount --bind "$1" "$1" && mount --bind "$2" "$1/data" && mount -t tmpfs tmpfs "$1/tmp" '
            '&& mount -t proc proc "$1/proc" && mount --bind /dev "$1/dev" && mount -o remount,bind,ro "$1" '
            '&& root="$1" && shift 2 && exec chroot "$root" "$@"'
        )
        person = [
            "setpriv",
            f"--reuid={user}",
            f"--regid={group}",
            "--clear-groups",
            "--no-new-privs",
            "--bounding-set=-all",
        ]
        own = [*self.config["Entrypoint"], *self.config["Cmd"]]
        return ["unshare", "--mount", "sh", "-c", prepare, "sh", str(self.root), str(volume), *person, *own]

    @property
    def environment(self) -> dict[str, str]:
        """Its environment."""
        return dict(pair.split("=", 1) for pair in self.config["Env"])


@contextlib.contextmanager
def built(checkout: Path, folder: Path) -> Iterator[Image]:
    """The image of a checkout's Containerfile, made in `folder`; raises CannotBuild, or the error of a step."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        raise CannotBuild("A container is built by root alone here.")
    if missing := [tool for tool in TOOLS if shutil.which(tool) is None]:
        raise CannotBuild(f"{missing[0]} is not installed; apt-get install buildah debootstrap.")
    tool = _Buildah(folder)
    names = dict.fromkeys(re.findall(r"^FROM (\S+)", (checkout / "Containerfile").read_text("utf-8"), re.M))
    try:
        base = _base(folder / "base")
        work = tool("from", "scratch")
        tool("add", work, str(base), "/")
        for name in names:
            tool("commit", work, name)
        tool("run", "--isolation", "chroot", "--network", "host", work, "python", "-c", "print('it runs')")
        subprocess.run(["unshare", "--mount", "true"], capture_output=True, text=True, check=True)
        shutil.rmtree(base)
    except (subprocess.SubprocessError, OSError) as error:
        raise CannotBuild(f"No root could be made here ({_last_words(error)}).") from error
    context = _context(checkout, folder / "context")
    tool("bud", "--pull-never", "--isolation", "chroot", "--network", "host", "--tag", TAG, str(context))
    work = tool("from", "--pull-never", TAG)
    config = json.loads(tool("inspect", "--type", "image", TAG))["OCIv1"]["config"]
    try:
        yield Image(Path(tool("mount", work)), config)
    finally:
        tool("umount", work)
        tool("rm", "--all")


class _Buildah:
    """buildah with its storage in a folder."""

    def __init__(self, folder: Path):
        self._options = [
            "--root",
            str(folder / "storage"),
            "--runroot",
            str(folder / "run"),
            "--storage-driver",
            "vfs",
        ]

    def __call__(self, *arguments: str) -> str:
        done = subprocess.run(
            ["buildah", *self._options, *arguments],
            capture_output=True,
            text=True,
            timeout=STEP_LIMIT_S,
            check=True,
        )
        return done.stdout.strip().splitlines()[-1] if arguments[0] != "inspect" else done.stdout


def _base(root: Path) -> Path:
    """A small Debian with Python and pip, which trusts whom this machine trusts."""
    script = f"/usr/share/debootstrap/scripts/{SUITE}"
    command = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, str(root), MIRROR, script]
    subprocess.run(command, capture_output=True, text=True, timeout=STEP_LIMIT_S, check=True)
    (root / "usr/bin/python").symlink_to("python3")
    for mark in root.glob("usr/lib/python3*/EXTERNALLY-MANAGED"):
        mark.unlink()
    if Path(CERTIFICATES).exists():
        shutil.copyfile(CERTIFICATES, root / CERTIFICATES.lstrip("/"))
    told = [f"{name} = {value}" for name in ("index-url", "cert") if (value := _pip_setting(name))]
    (root / "etc/pip.conf").write_text("\n".join(["[global]", *told, ""]))
    return root


def _pip_setting(name: str) -> str:
    """A setting of this machine's pip, or nothing."""
    found = os.environ.get(f"PIP_{name.upper().replace('-', '_')}", "")
    if found:
        return found
    asked = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", f"global.{name}"],
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip()


def _context(checkout: Path, folder: Path) -> Path:
    """The files that git has of a checkout, as they lie there."""
    listed = subprocess.run(
        ["git", "-C", str(checkout), "ls-files", "-z"], capture_output=True, text=True, check=True
    ).stdout.split("\0")
    packed = folder.with_suffix(".tar")
    with tarfile.open(packed, "w") as archive:
        for name in filter(None, listed):
            if (checkout / name).exists():
                archive.add(checkout / name, name)
    folder.mkdir()
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data") if hasattr(tarfile, "data_filter") else archive.extractall(
            folder
        )
    packed.unlink()
    return folder


def _last_words(error: Exception) -> str:
    told = getattr(error, "stderr", None) or str(error)
    return str(told).strip().splitlines()[-1] if str(told).strip() else type(error).__name__
