"""Values made the fast way are the values that validation would make."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from shotwright.model.shot import Lens, MusicCue, Provenance, SoundEffect


def test_a_constructed_value_has_the_bytes_of_a_validated_one() -> None:
    assert SoundEffect.model_construct(origin="script", name="bell") == SoundEffect(name="bell", origin="script")
    fast = SoundEffect.model_construct(origin="script", name="bell", start_seconds=1.5)
    slow = SoundEffect(start_seconds=1.5, name="bell", origin="script")
    assert fast.model_dump_json() == slow.model_dump_json()
    by_alias = Lens.model_construct(**{"class": "wide", "focal_mm": 25})
    assert by_alias == Lens(focal_mm=25, lens_class="wide")


def test_a_copy_changes_what_is_asked_and_keeps_the_order() -> None:
    cue = MusicCue(state="starts", description="low drone")
    copy = cue.model_copy(update={"number": "1m01"})
    assert copy == MusicCue(number="1m01", state="starts", description="low drone")
    assert copy.model_dump_json().startswith('{"number":"1m01"')
    assert cue.number == ""


def test_values_are_frozen_and_closed() -> None:
    with pytest.raises(ValidationError):
        Provenance(by="rules").by = "me"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Provenance(by="rules", whim=1)  # type: ignore[call-arg]
