"""The whole plan of one seat: what its phone needs to go on without the server.

A partner's plan has the wording for that person's turn and day, and no other; the console's has the loudspeaker's.
What is spoken on one phone for both is the loudspeaker's wording as well.

What a phone fetches, and how long its plan is, must not tell how its person is today to whoever sees the network or
takes the server's disk away. So every partner's plan names the clips of all wordings of its language, in one order, and
is padded to the length that it would have with the longest wording.
"""

from __future__ import annotations

from functools import lru_cache

from audio.levels import LEAD_S
from exercises.model import AnyText, Listener, in_languages, shown_for, wordings, words_for
from exercises.text import as_print
from exercises.timeline import SPOKEN, Cue, seconds

from ..prepared import Score
from ..protocol import sentences
from ..protocol.messages import CheckWord, CuePicture, PlanMessage, TrackPicture
from ..state import CLOSE_S, State, once
from ..types import Nearest, Seat, Track
from .seat_views import exercise_picture, speaks

DAYS: tuple[Nearest, ...] = ("plain", "guarded", "heavy")


@once
def plan_key(state: State, seat: Seat) -> tuple[object, ...]:
    """Everything that the plan of a seat depends on; where it is equal, so is the plan."""
    if state.score is None or not (state.phones[seat].taken and state.phones[seat].admitted):
        return ()
    if seat == "therapist":
        return (state.score, _both(state, seat))
    return (state.score, _reads(state, seat), _hears(state, seat), _is_heard(state, seat))


def _reads(state: State, seat: Seat) -> Listener:
    if seat == "therapist":
        return _both(state, seat)
    phone = state.phones[seat]
    return Listener(state.turn(seat), phone.nearest, phone.language)


def _hears(state: State, seat: Seat) -> Listener:
    return _reads(state, seat) if state.setting == "apart" else _both(state, seat)


def _both(state: State, seat: Seat) -> Listener:
    """A loudspeaker that speaks the language of a seat's phone."""
    return Listener(language=state.phones[seat].language)


def guide_words(state: State, seat: Seat) -> dict[str, str]:
    """The guide's lines as a seat reads them."""
    return {key: shown_for(line, _both(state, seat)) for key, line in sentences.GUIDE.items()}


def _is_heard(state: State, seat: Seat) -> bool:
    return state.setting == "apart" or seat in (state.speaker, "therapist")


def plan_message(state: State, seat: Seat) -> PlanMessage:
    """The plan of a seat; the score has to be there."""
    score = state.score
    assert score
    reads, hears = _reads(state, seat), _hears(state, seat)
    own = hears if _is_heard(state, seat) else None
    heard = {key: words_for(line, _both(state, seat)) for key, line in sentences.GUIDE.items()}
    return PlanMessage(
        plan=state.phones[seat].plan,
        exercise=exercise_picture(
            score.entry, state.phones[seat].language, score.choice.length_s, score.choice.words
        ),
        turn=None if seat == "therapist" else state.turn(seat),
        speaks=speaks(state, seat),
        tracks={
            "main": _track(score, "main", reads, own),
            "grounding": _track(score, "grounding", reads, hears),
            "close": _close(score, _both(state, seat)),
        },
        lead=LEAD_S,
        clips=[] if seat == "therapist" else list(_every_clip(score, reads.language, own is not None)),
        guide={key: score.clips[line].address for key, line in heard.items()},
        guide_words=guide_words(state, seat),
        passed_over_words=sentences.PASSED_OVER,
        check=[] if seat == "therapist" else list(_check(score, reads.language)),
        padding=0 if seat == "therapist" else _padding(score, reads, hears, own is not None),
    )


@lru_cache(maxsize=512)
def _every_clip(score: Score, language: str, is_heard: bool) -> tuple[str, ...]:
    """The clips of every wording in a language, whoever it is for: of the exercise if it is heard, and of the rest."""
    timelines = (score.main, score.grounding) if is_heard else (score.grounding,)
    texts = [
        cue.text for each in timelines for cue in each.cues if cue.text is not None and cue.kind in SPOKEN
    ]
    rest = (*sentences.GUIDE.values(), *sentences.CHECK_WORDS)
    said = [words for text in (*texts, *rest) for words in _wordings_in(text, language)]
    return tuple(dict.fromkeys(score.clips[words].address for words in said))


@lru_cache(maxsize=512)
def _check(score: Score, language: str) -> tuple[CheckWord, ...]:
    """The words of the check in a language, without the full stop that a voice needs."""
    said = [words_for(word, Listener(language=language)) for word in sentences.CHECK_WORDS]
    return tuple(CheckWord(words=word.rstrip("."), clip=score.clips[word].address) for word in said)


def _wordings_in(text: AnyText, language: str) -> list[str]:
    versions = in_languages(text, language)
    return wordings(dict(versions).get(language, versions[0][1]))


@lru_cache(maxsize=512)
def _padding(score: Score, reads: Listener, hears: Listener, is_heard: bool) -> int:
    """Bytes that are missing to the longest plan that this phone could have on another day."""
    sizes = {}
    for day in DAYS:
        today = Listener(reads.turn, day, reads.language)
        heard = today if hears == reads else hears
        sizes[day] = _bytes_of(score, "main", today, heard if is_heard else None) + _bytes_of(
            score, "grounding", today, heard
        )
    return max(sizes.values()) - sizes[reads.state]  # type: ignore[index]


@lru_cache(maxsize=2048)
def _bytes_of(score: Score, track: Track, reads: Listener, hears: Listener | None) -> int:
    return len(_track(score, track, reads, hears).model_dump_json().encode())


@lru_cache(maxsize=512)
def _track(score: Score, track: Track, reads: Listener, hears: Listener | None) -> TrackPicture:
    """The same for every room that plays this score to such a listener, so it is worked out once."""
    timeline = score.main if track == "main" else score.grounding
    return TrackPicture(
        duration=seconds(timeline.length), cues=[_cue(score, cue, reads, hears) for cue in timeline.cues]
    )


def _cue(score: Score, cue: Cue, reads: Listener, hears: Listener | None) -> CuePicture:
    clip = None
    if hears and cue.text is not None and cue.kind in SPOKEN:
        clip = score.clips[words_for(cue.text, hears)].address
    return CuePicture(
        kind=cue.kind,
        start=seconds(cue.start),
        end=seconds(cue.end),
        part=cue.part,
        text=shown_for(cue.text, reads) if cue.text is not None else None,
        clip=clip,
        phases=[(p.direction, seconds(p.start), seconds(p.end)) for p in cue.phases] or None,
        answers=(shown_for(cue.answers[0], reads), shown_for(cue.answers[1], reads)) if cue.answers else None,
        move=cue.move,
    )


def _close(score: Score, listener: Listener) -> TrackPicture:
    cues = []
    for start, key in sentences.CLOSE_LINES:
        text = words_for(sentences.GUIDE[key], listener)
        clip = score.clips[text]
        end = start + clip.seconds
        cues.append(CuePicture(kind="line", start=start, end=end, text=as_print(text), clip=clip.address))
    return TrackPicture(duration=CLOSE_S, cues=cues)
