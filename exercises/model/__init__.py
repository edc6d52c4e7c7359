"""What a script may say, as models: the head, the steps, what is said in one, and how near it brings two."""

from .exercise import (
    CONSENT_LEVEL,
    FAMILIES,
    Exercise,
    Family,
    Review,
    TherapistNotes,
    VoiceSpec,
    spoken_texts,
)
from .lines import (
    LOUDSPEAKER,
    STATES,
    TURNS,
    AnyText,
    ByState,
    ByTurn,
    InLanguages,
    Listener,
    Text,
    in_languages,
    shown_for,
    wordings,
    words_for,
)
from .steps import (
    PARTS,
    STEP_CLASSES,
    AnyStep,
    BellStep,
    BreathSpec,
    BreathStep,
    ChoiceStep,
    CueStep,
    GazeStep,
    PartName,
    PartStep,
    PauseStep,
    ReachStep,
    RestStep,
    SayStep,
    Step,
    TouchStep,
    texts_of,
)

__all__ = [
    "CONSENT_LEVEL", "FAMILIES", "LOUDSPEAKER", "PARTS", "STATES", "STEP_CLASSES", "TURNS", "AnyStep", "AnyText",
    "BellStep", "BreathSpec", "BreathStep", "ByState", "ByTurn", "ChoiceStep", "CueStep", "Exercise", "Family",
    "GazeStep", "InLanguages", "Listener", "PartName", "PartStep", "PauseStep", "ReachStep", "RestStep", "Review",
    "SayStep", "Step", "Text", "TherapistNotes", "TouchStep", "VoiceSpec", "in_languages", "shown_for", "spoken_texts",
    "texts_of", "wordings", "words_for",
]  # fmt: skip
