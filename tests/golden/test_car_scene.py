"""A two-hander in a car with a voice on the phone, through the whole line: what every breakdown of it must hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shotwright.production.opened import Production
from shotwright.production.studio import RunRequest, run_production

if TYPE_CHECKING:
    from shotwright.model.shot import DialogueLine, Shot, Subject

SCRIPT = Path(__file__).with_name("hatchback.fountain")
LONG = (
    "Then get out and walk, and tell them yourself what you did with the money, because I have said it to the mirror "
    "every night since March and I cannot make it sound like an accident."
)
NADIA, THEO, MUM = "character/nadia", "character/theo", "character/mum"


@pytest.fixture(scope="module")
def shots(tmp_path_factory: pytest.TempPathFactory) -> list[Shot]:
    out = tmp_path_factory.mktemp("car") / "hatchback.shotwright"
    run_production(RunRequest(SCRIPT, out, flags={"film.cut_style": "edited"}))
    with Production(out) as production:
        return production.shots


def lines(shots: list[Shot]) -> list[DialogueLine]:
    return [line for shot in shots for line in shot.audio.dialogue]


def in_frame(shot: Shot) -> dict[str, Subject]:
    return {s.entity: s for s in shot.technical_layer.staging.subjects if s.screen_position != "off"}


def test_m1_each_speech_word_for_word_and_the_long_sentence_cut_only_at_its_clauses(shots: list[Shot]) -> None:
    said = lines(shots)
    spoken = " ".join(line.text for line in said)
    for speech in ("You missed the turn.", "I didn't miss it. I drove past it.", "There's no traffic.", LONG):
        assert speech in spoken
    pieces = [line.text for line in said if line.text in LONG and len(line.text.split()) > 4]
    assert " ".join(pieces) == LONG
    carrying = [s for s in shots if any(line.text in pieces for line in s.audio.dialogue)]
    assert len(carrying) >= 3
    assert all(piece.endswith(("walk,", "money,", "March", "accident.")) for piece in pieces), pieces


def test_m2_the_phone_voice_is_filtered_and_in_nobodys_picture(shots: list[Shot]) -> None:
    (voice,) = {line.unit for line in lines(shots) if line.speaker == MUM}
    carrying = [s for s in shots if any(line.unit == voice for line in s.audio.dialogue)]
    for shot in carrying:
        line = next(line for line in shot.audio.dialogue if line.unit == voice)
        assert (line.extension, line.voice, line.on_screen) == ("O.S.", "phone", False)
        assert "filtered" in line.delivery
        if len(shot.audio.dialogue) == 1:
            assert all(s.mouth == "closed" for s in in_frame(shot).values())
        assert not any("mum" in key for key in shot.digital_assets.characters)
    assert not any(MUM in in_frame(shot) for shot in shots)


def test_m3_a_listener_is_seen_during_the_long_sentence(shots: list[Shot]) -> None:
    heard = [s for s in shots for line in s.audio.dialogue if line.text in LONG and not line.on_screen]
    assert heard
    for shot in heard:
        assert THEO in in_frame(shot)
        assert all(line.voice == "room" for line in shot.audio.dialogue if line.speaker == NADIA)


def test_m4_answering_singles_are_matched(shots: list[Shot]) -> None:
    singles: dict[str, list[Shot]] = {NADIA: [], THEO: []}
    for shot in shots:
        camera = shot.technical_layer.camera
        faces = [s for s in shot.technical_layer.staging.subjects if not s.foreground and s.entity in singles]
        if camera.framing in ("single", "over_the_shoulder") and len(faces) >= 1 and camera.focus.on in singles:
            singles[camera.focus.on].append(shot)
    assert singles[NADIA]
    assert singles[THEO]
    looks = {(s.technical_layer.camera.shot_size, s.technical_layer.camera.lens.focal_mm) for s in singles[NADIA]} & {
        (s.technical_layer.camera.shot_size, s.technical_layer.camera.lens.focal_mm) for s in singles[THEO]
    }
    assert looks, "no single of hers has the size and lens of one of his"


def test_m5_the_driver_watches_the_road_but_for_a_glance(shots: list[Shot]) -> None:
    gazes = [s.gaze.target for shot in shots for name, s in in_frame(shot).items() if name == NADIA and s.gaze]
    assert gazes
    assert gazes.count("road") >= 0.7 * len(gazes)


def test_m6_no_exterior_of_the_car(shots: list[Shot]) -> None:
    assert all(shot.technical_layer.camera.framing != "empty" or not shot.source.units or shot.added for shot in shots)
    assert all(shot.technical_layer.camera.shot_size != "extreme_wide" for shot in shots if not shot.added)
    assert not any(shot.added and shot.source.units for shot in shots)


def test_m7_the_name_on_the_phone_is_text_for_post(shots: list[Shot]) -> None:
    assert [shot.on_screen_text for shot in shots if shot.on_screen_text] == [("MUM",)]


def test_m8_stillness_is_held_and_the_cuts_last_as_long_as_the_scene(shots: list[Shot]) -> None:
    held = [s for s in shots if "Neither moves" in s.narrative_layer.action_description]
    ended = [s for s in shots if "Nobody turns" in s.narrative_layer.action_description]
    for shot in (*held, *ended):
        frames = sum(c.src_out - c.src_in for c in shot.cuts)
        talk = sum(line.seconds for line in shot.audio.dialogue)
        assert frames / 24 - talk >= 2.0
    assert held
    assert ended
    cuts = sum(c.src_out - c.src_in for s in shots for c in s.cuts) / 24
    assert 42 <= cuts <= 54, cuts


def test_nothing_of_it_breaks_a_rule(shots: list[Shot]) -> None:
    assert [f.message for s in shots for f in s.continuity.flags if f.severity == "error"] == []
