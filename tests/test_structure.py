"""The shape of the project, held by machine: imports point one way, documents tell the truth."""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from audio.data_folder import DataFolder
from server.config import ENVIRONMENT_PREFIX, Settings

ROOT = Path(__file__).parent.parent
LAYERS = ("exercises", "audio", "server")
"""Each may import those before it, and itself."""

FILES = [path for layer in LAYERS for path in sorted((ROOT / layer).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    """The top-level names of all modules that a file imports, relative ones resolved."""
    names = set()
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            names.add(above[0] if above else (node.module or "").split(".")[0])
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_left_only(path: Path) -> None:
    layer = path.relative_to(ROOT).parts[0]
    later = set(LAYERS[LAYERS.index(layer) + 1 :])
    assert not imported(path) & (later | {"tests", "bench"})


def module_graph() -> dict[str, set[str]]:
    """Which module of ours imports which, at its top level."""
    names = {".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): p for p in FILES}
    graph: dict[str, set[str]] = {}
    for name, path in names.items():
        is_package = path.name == "__init__.py"
        edges = set()
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ImportFrom):
                base = name.split(".")
                if node.level:
                    base = base[: len(base) - node.level + (1 if is_package else 0)]
                    target = ".".join([*base, *filter(None, [node.module])])
                else:
                    target = node.module or ""
                for alias in node.names:
                    inner = f"{target}.{alias.name}"
                    edges.add(inner if inner in names else target)
        graph[name] = {e for e in edges if e in names and e != name}
    return graph


def test_no_import_goes_in_a_circle() -> None:
    graph = module_graph()
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " → ".join([*path, name])
        if name not in done:
            for target in graph[name]:
                visit(target, (*path, name))
            done.add(name)

    for name in graph:
        visit(name, ())


PACKAGES = (
    "audio.dsp", "audio.speech.engine_support", "audio.speech.engines", "audio.speech.pronunciation",
    "audio.speech.clips", "audio.speech.calibration", "audio.speech.workers", "audio.speech.installation",
    "audio.speech", "audio.recordings", "audio.render", "audio.studio",
    "server.i18n", "server.rooms.core", "server.services", "server.services.voices", "server.services.sound",
    "server.services.export", "server.services.scripts", "server.services.hour", "server.rooms.admission",
    "server.rooms.stores", "server.rooms.socket", "server.http.limits", "server.http", "server.rooms",
    "server.views.listening", "server.views", "server.monitoring", "server.process", "server.cli",
)  # fmt: skip
"""The packages of each layer, lowest first: each may import those before it, and itself."""
EXCEPTIONS = {
    ("server.services", "server.rooms.admission"),  # a passcode is made of the signs of a code
    ("server.services.hour", "server.rooms"),  # rooms that are open, as a page lists them
    ("server.services.hour", "server.rooms.stores"),  # their plain values
}


def package_of(module: str) -> str | None:
    """The innermost of PACKAGES that a module lies in."""
    around = [name for name in PACKAGES if module == name or module.startswith(f"{name}.")]
    return max(around, key=len, default=None)


def test_packages_import_lower_ones_only() -> None:
    upwards = set()
    for module, targets in module_graph().items():
        for target in targets:
            one, other = package_of(module), package_of(target)
            if (
                one
                and other
                and PACKAGES.index(other) > PACKAGES.index(one)
                and (one, other) not in EXCEPTIONS
            ):
                upwards.add(f"{module} imports {target}")
    assert not upwards


COMPUTES = (
    "pyttsx3", "espeakng_loader", "piper", "hibari", "onnxruntime", "numpy", "soxr", "soundfile", "pydub", "lameenc",
)  # fmt: skip


def test_paths_in_the_data_folder_stand_in_one_module() -> None:
    layout = DataFolder(Path("data"))
    names = {
        getattr(layout, name).name for name, kind in vars(DataFolder).items() if isinstance(kind, property)
    }
    assert {"clips", "takes", "passcode"} <= names
    again = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in FILES
        if path.name != "data_folder.py" and "exercises" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
        if isinstance(node.right, ast.Constant) and node.right.value in names
    ]
    assert again == []


def test_the_process_that_holds_sockets_imports_nothing_that_computes() -> None:
    import subprocess

    code = (
        "from pathlib import Path; from server.app import create_app; from server.config import Settings\n"
        "from audio.studio.client import Studio; import sys\n"
        "create_app(Settings(), Studio(Path('nowhere')))\n"
        "import server.cli.main, server.process.lifecycle, server.process.startup\n"
        f"print([m for m in {COMPUTES} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda s: s.name)
def test_every_setting_is_documented(setting: object) -> None:
    text = (ROOT / "docs" / "settings.md").read_text()
    assert f"`{ENVIRONMENT_PREFIX}{setting.name.upper()}`" in text  # type: ignore[attr-defined]


def test_every_requirement_is_pinned_and_explained() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    files = ("requirements.txt", "requirements-piper.txt", "requirements-redis.txt", "requirements-judge.txt")
    lines = [line for file in files for line in (ROOT / file).read_text().splitlines()]
    for line in filter(lambda line: line and not line.startswith("#"), lines):
        name = re.match(r"[A-Za-z0-9_.-]+", line)
        assert name
        assert "==" in line
        assert f"**{name.group()}**" in text


@pytest.mark.parametrize(
    "document", [*sorted(ROOT.glob("docs/*.md")), ROOT / "README.md"], ids=lambda p: p.name
)
def test_documents_name_files_that_exist(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text()):
        assert (document.parent / target).exists(), target
    for name in re.findall(
        r"`((?:exercises|audio|server|web|tests|bench|docs)/[\w./-]+\.\w+)`", document.read_text()
    ):
        assert (ROOT / name).exists(), name
