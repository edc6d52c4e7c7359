"""A therapist's own voice, for real: a microphone that plays a file, the page, the service, and what couples hear."""

from __future__ import annotations

import io
import shutil
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright

from audio.dsp.wav import wav_bytes
from exercises.library import load_library
from exercises.recordable import read_lines
from tests.browser.conftest import ARGUMENTS, DESK, NAMES, PHONE
from tests.conftest import ROOT, Service, start_service, stop_service

PASSCODE = "a chair by the stove"
RATE = 48_000
DOORWAY = read_lines(load_library().get("doorway"))


def murmur(seconds: float, seed: int = 3, rate: int = RATE) -> np.ndarray:
    """Something that is like no other stretch of itself: noise with syllables, float from -1 to 1."""
    rng = np.random.default_rng(seed)
    noise = np.convolve(rng.standard_normal(int(seconds * rate)), np.ones(24) / 24, "same")
    syllables = np.abs(np.sin(np.cumsum(rng.uniform(4, 9, len(noise)) * np.pi / rate * 2)))
    return (noise / np.abs(noise).max() * 0.5 * syllables).astype(np.float32)


def pcm(samples: np.ndarray) -> np.ndarray:
    return np.rint(samples * 32767).astype(np.int16)


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sound that the microphone hears, again and again."""
    path = tmp_path_factory.mktemp("microphone") / "spoken.wav"
    path.write_bytes(wav_bytes(pcm(np.concatenate([murmur(6.0), np.zeros(RATE // 2)])), RATE))
    return path


@pytest.fixture(scope="module")
def studio_browser(driver: Playwright, spoken: Path) -> Iterator[Browser]:
    """Chromium with a microphone."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("there is no Chromium here; install it, or leave the browser tests out")
    microphone = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={spoken}",
        "--autoplay-policy=no-user-gesture-required",
    ]
    launched = driver.chromium.launch(executable_path=path, args=[*ARGUMENTS, *microphone])
    yield launched
    launched.close()


@dataclass
class Reader:
    """A signed-in therapist's browser, and what it complained of."""

    page: Page
    service: Service
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str = "/therapist/recordings/doorway/") -> Page:
        self.page.goto(self.service.url + path)
        return self.page

    def get(self, path: str) -> bytes:
        return self.page.request.get(self.service.url + path).body()

    def says(self, words: str) -> None:
        self.page.locator("#state", has_text=words).wait_for()


@pytest.fixture
def reader(studio_browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Reader]]:
    """Makes readers in front of one service of their own; none may complain."""
    made: list[Reader] = []
    services: list[Service] = []

    def make(scripts: Path | None = None, **options: Any) -> Reader:
        if not services:
            more = ["--scripts", str(scripts)] if scripts else []
            services.append(start_service(tmp_path / "data", *more, STILL_HERE_PASSCODE=PASSCODE))
        context = studio_browser.new_context(**{"viewport": DESK, **options})
        context.set_default_timeout(15_000)
        one = Reader(context.new_page(), services[0])
        one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
        one.page.on("console", lambda m: one.complaints.append(m.text) if m.type == "error" else None)
        made.append(one)
        page = one.open("/therapist")
        page.fill("#passcode", PASSCODE)
        page.click("text=Sign in")
        page.wait_for_selector("text=Open a room")
        return one

    yield make
    for one in made:
        one.page.context.close()
        assert [text for text in one.complaints if "Failed to load resource" not in text] == []
    for service in services:
        stop_service(service)


def likeness(small: np.ndarray, large: np.ndarray) -> float:
    """The highest normalised correlation of `small` anywhere in `large`."""
    size = 1 << (len(small) + len(large)).bit_length()
    product = np.fft.irfft(np.fft.rfft(large, size) * np.conj(np.fft.rfft(small, size)), size)
    energy = np.cumsum(np.concatenate([[0.0], large.astype(np.float64) ** 2]))
    at = int(np.argmax(product[: len(large) - len(small)]))
    part = energy[at + len(small)] - energy[at]
    return float(product[at] / np.sqrt(part * (small.astype(np.float64) ** 2).sum()))


def sound_of(content: bytes) -> np.ndarray:
    samples, rate = soundfile.read(io.BytesIO(content), dtype="float32")
    assert rate == 24_000
    return samples


def composed(reader: Reader, voice: str) -> np.ndarray:
    """The exercise as a file in a voice, made whole."""
    address = f"{reader.service.url}/exercises/doorway/audio.flac?voice={voice}&bed=none&bell=none"
    with urllib.request.urlopen(address) as answer:
        return sound_of(answer.read())


def test_a_line_that_is_read_is_heard_in_the_exercise(reader: Callable[..., Reader]) -> None:
    one = reader()
    page = one.open()
    assert page.locator("#progress").inner_text() == "0 of 10 lines read"
    page.click("#open")
    page.wait_for_selector("#record:enabled")
    page.keyboard.press("r")
    page.wait_for_timeout(3000)
    page.keyboard.press("r")
    one.says("There is a take of")
    assert page.locator("#progress").inner_text() == "1 of 10 lines read"
    take = sound_of(one.get(f"/therapist/recordings/doorway/{DOORWAY[0].digest}.flac"))
    assert 1.5 < len(take) / 24_000 < 4
    assert likeness(take[6000:-6000], composed(one, "recorded")) > 0.95
    assert likeness(take[6000:-6000], composed(one, "neutral")) < 0.3


def test_what_the_microphone_heard_is_what_is_kept(reader: Callable[..., Reader], spoken: Path) -> None:
    import soxr

    one = reader()
    page = one.open()
    page.click("#open")
    page.wait_for_selector("#record:enabled")
    page.click("#record")
    page.wait_for_timeout(2500)
    page.click("#record")
    one.says("There is a take of")
    take = sound_of(one.get(f"/therapist/recordings/doorway/{DOORWAY[0].digest}.flac"))
    source, _ = soundfile.read(spoken, dtype="float32")
    twice = soxr.resample(np.concatenate([source, source]), RATE, 24_000)
    middle = take[len(take) // 2 - 9000 : len(take) // 2 + 9000]
    assert likeness(middle, twice) > 0.9
    page.click("#listen")
    page.wait_for_timeout(600)
    assert page.evaluate("document.getElementById('player').currentTime") > 0.1


def test_keys_lead_through_the_script_and_can_be_turned_off(reader: Callable[..., Reader]) -> None:
    page = reader().open()
    words = page.locator("#words")
    assert words.inner_text() == DOORWAY[0].words
    page.keyboard.press("n")
    assert words.inner_text() == DOORWAY[1].words
    page.keyboard.press("b")
    assert words.inner_text() == DOORWAY[0].words
    page.click(".desk .keys summary")
    page.uncheck("#keys-on")
    page.keyboard.press("n")
    assert words.inner_text() == DOORWAY[0].words


def test_dropped_files_go_to_the_lines_in_order(reader: Callable[..., Reader], tmp_path: Path) -> None:
    one = reader()
    page = one.open()
    files = []
    for number, rate in ((2, 44_100), (10, 16_000)):
        path = tmp_path / f"line {number}.flac"
        soundfile.write(path, murmur(1.0 + number / 10, seed=number, rate=rate), rate)
        files.append(path)
    page.set_input_files("#files", [files[1], files[0]])
    one.says("There is a take of 2.")
    assert page.locator("#progress").inner_text() == "2 of 10 lines read"
    first = sound_of(one.get(f"/therapist/recordings/doorway/{DOORWAY[0].digest}.flac"))
    second = sound_of(one.get(f"/therapist/recordings/doorway/{DOORWAY[1].digest}.flac"))
    assert len(first) < len(second)


def test_a_take_that_did_not_arrive_can_be_sent_again(reader: Callable[..., Reader], tmp_path: Path) -> None:
    one = reader()
    page = one.open()
    path = tmp_path / "one.wav"
    path.write_bytes(wav_bytes(pcm(murmur(1.5)), RATE))
    page.route("**/*.wav", lambda route: route.abort())
    page.set_input_files("#files", path)
    one.says("It did not arrive")
    page.unroute("**/*.wav")
    page.click("#resend")
    one.says("There is a take of")
    assert page.locator("#resend").is_hidden()


def test_a_file_that_is_no_sound_is_one_sentence(reader: Callable[..., Reader], tmp_path: Path) -> None:
    one = reader()
    page = one.open()
    path = tmp_path / "letter.txt"
    path.write_text("not a sound")
    page.set_input_files("#files", path)
    one.says("letter.txt was not taken. Its sound cannot be read here.")
    assert page.locator("#progress").inner_text() == "0 of 10 lines read"


def test_a_line_whose_words_changed_asks_for_a_new_take(
    reader: Callable[..., Reader], tmp_path: Path
) -> None:
    scripts = tmp_path / "scripts"
    shutil.copytree(ROOT / "exercises" / "scripts", scripts)
    one = reader(scripts)
    path = tmp_path / "one.wav"
    path.write_bytes(wav_bytes(pcm(murmur(2.0)), RATE))
    page = one.open()
    page.set_input_files("#files", path)
    one.says("There is a take of")
    stop_service(one.service)
    script = scripts / "doorway.yaml"
    old = DOORWAY[0].words.split(".")[0]
    text = script.read_text()
    assert old in text
    script.write_text(text.replace(old, "Still in the doorway", 1))
    again = start_service(one.service.data, "--scripts", str(scripts), STILL_HERE_PASSCODE=PASSCODE)
    one.service.url, one.service.process = again.url, again.process
    page = one.open("/therapist")
    page.fill("#passcode", PASSCODE)
    page.click("text=Sign in")
    page.wait_for_selector("text=Open a room")
    page = one.open("/therapist/recordings")
    assert "1 line wants a new take" in page.inner_text("main")
    page = one.open()
    one.says("It wants a new take")


LOOKS = [(scheme, size) for scheme in ("light", "dark") for size in (PHONE, DESK)]


@pytest.mark.parametrize(("scheme", "size"), LOOKS, ids=[f"{s}-{z['width']}" for s, z in LOOKS])
def test_the_pages_are_free_of_violations(
    reader: Callable[..., Reader], tmp_path: Path, scheme: str, size: dict[str, int]
) -> None:
    one = reader(color_scheme=scheme, viewport=size, reduced_motion="reduce")
    found = {"nothing read": violations(one.open("/therapist/recordings")), "first": violations(one.open())}
    page = one.page
    page.click("#open")
    page.wait_for_selector("#record:enabled")
    page.click("#record")
    found["recording"] = violations(page)
    page.wait_for_timeout(1200)
    page.click("#record")
    one.says("There is a take of")
    page.click(".desk .keys summary")
    found["a take"] = violations(page)
    found["therapist"] = violations(one.open("/therapist"))
    found["some read"] = violations(one.open("/therapist/recordings"))
    assert found == {name: [] for name in found}


def violations(page: Page) -> list[str]:
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in Axe().run(page).response["violations"]]
