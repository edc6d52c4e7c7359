"""The timeline of an exercise: slots, rests and breaths laid out in time before any sound exists."""

from .cues import SAMPLE_RATE, SPOKEN, Cue, CueKind, PartSpan, Phase, Timeline, samples, seconds
from .items import BREATH_GAP_S, BREATH_S, DECISION_S, LEAST_REST_S
from .planner import MAX_LEAD_IN_S, MIN_LEAD_IN_S, length_bounds, natural_length_s, plan
from .slots import estimate_s, slot_s, syllables
from .stretch import LEAD_IN_S, MAX_STRETCH, MIN_STRETCH

__all__ = [
    "BREATH_GAP_S",
    "BREATH_S",
    "DECISION_S",
    "LEAD_IN_S",
    "LEAST_REST_S",
    "MAX_LEAD_IN_S",
    "MAX_STRETCH",
    "MIN_LEAD_IN_S",
    "MIN_STRETCH",
    "SAMPLE_RATE",
    "SPOKEN",
    "Cue",
    "CueKind",
    "PartSpan",
    "Phase",
    "Timeline",
    "estimate_s",
    "length_bounds",
    "natural_length_s",
    "plan",
    "samples",
    "seconds",
    "slot_s",
    "syllables",
]
