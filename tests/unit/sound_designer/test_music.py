"""Spotting the film: where music is, where it is not, and that it stays put."""

from __future__ import annotations

from shotwright.crew.sound_designer import plan_music
from shotwright.model.crew import FilmSettings, MusicPlan
from shotwright.model.ids import EntityId, SceneId, UnitId
from shotwright.model.screenplay import Slugline, SpeechPart, Unit
from shotwright.model.story import ActionNote, Beat, SceneStory, SpeechNote, Story, Turn

SETTINGS = FilmSettings()
ANNA = EntityId("character/anna")


def scene(number: int, beat: str = "calm", intensity: float = 0.2, lines: int = 8, **more: object) -> SceneStory:
    """A talk between two, with a feeling of some strength."""
    units = tuple(
        Unit(id=UnitId(f"un_{number}_{n}"), kind="speech", text="Words that matter little.", cue="ANNA")
        for n in range(lines)
    )
    values: dict[str, object] = {
        "scene_id": SceneId(f"sc_{number}"),
        "slugline": Slugline(raw="INT. ROOM - DAY", int_ext="INT", place="ROOM"),
        "units": units,
        "location": EntityId("location/room"),
        "scene_type": "dialogue_2",
        "speeches": tuple(SpeechNote(unit=unit.id, speakers=(ANNA,)) for unit in units),
        "beats": (Beat(name=beat, intensity=intensity, first_unit=units[0].id, last_unit=units[-1].id),)
        if units
        else (),
    }
    return SceneStory.model_validate({**values, **more})


def film(*scenes: SceneStory) -> list[tuple[str, MusicPlan]]:
    return [(str(at), plan) for at, plan in plan_music(Story(scenes=scenes), SETTINGS)]


def long_film() -> list[SceneStory]:
    made: list[SceneStory] = []
    for n in range(40):
        if n % 8 == 3:
            made.append(scene(n, "action", 0.6, scene_type="montage"))
        elif n % 8 in (5, 6):
            made.append(scene(n, "grief", 0.8, turn=Turn(unit=UnitId(f"un_{n}_2"), what="she learns it")))
        elif n % 8 == 1:
            made.append(scene(n, "tension_rising", 0.6, scene_type="suspense"))
        else:
            made.append(scene(n))
    return made


def test_the_film_is_not_scored_wall_to_wall() -> None:
    scored = {at for at, _ in film(*long_film())}
    assert 0.3 <= len(scored) / 40 <= 0.6


def test_quiet_talk_is_left_dry_and_a_montage_is_not() -> None:
    scored = {at for at, _ in film(*long_film())}
    assert "sc_10" not in scored
    assert "sc_11" in scored


def test_every_cue_starts_once_and_ends_once_with_reasons() -> None:
    cues: dict[str, list[MusicPlan]] = {}
    for _, plan in film(*long_film()):
        cues.setdefault(plan.cue_id, []).append(plan)
    for plans in cues.values():
        assert [plan.starts_here for plan in plans] == [True] + [False] * (len(plans) - 1)
        assert [plan.ends_here for plan in plans] == [False] * (len(plans) - 1) + [True]
        assert all(plan.why_in and plan.why_out and plan.description for plan in plans)


def test_a_cue_runs_on_over_scenes_of_one_feeling() -> None:
    spans = [plan.cue_id for at, plan in film(*long_film()) if at in ("sc_5", "sc_6")]
    assert len(spans) == 2
    assert len(set(spans)) == 1


def test_a_cue_in_a_scene_with_a_turn_starts_on_it() -> None:
    starts = [plan for at, plan in film(*long_film()) if at == "sc_5" and plan.starts_here]
    assert starts[0].start_unit == "un_5_2"
    assert "she learns it" in starts[0].why_in


def test_a_neutral_line_more_changes_no_other_scenes_music() -> None:
    scenes = long_film()
    before = film(*scenes)
    for n in range(0, 40, 3):
        more = Unit(id=UnitId("un_new"), kind="action", text="She nods.")
        changed = [*scenes]
        changed[n] = scenes[n].model_copy(update={"units": (*scenes[n].units, more)})
        after = film(*changed)
        assert [entry for entry in after if entry[0] != f"sc_{n}"] == [
            entry for entry in before if entry[0] != f"sc_{n}"
        ]


def test_music_that_the_script_plays_is_diegetic_and_stops_when_told() -> None:
    units = (
        Unit(id=UnitId("un_a"), kind="action", text="The radio plays an old waltz."),
        Unit(id=UnitId("un_b"), kind="speech", text="Not that one.", cue="ANNA"),
        Unit(id=UnitId("un_c"), kind="action", text="She turns the radio off."),
    )
    plan = next(p for at, p in film(scene(0), scene(1, units=units), scene(2)) if at == "sc_1")
    assert plan.diegetic
    assert (plan.start_unit, plan.end_unit) == ("un_a", "un_c")


def test_singing_in_the_dialogue_is_diegetic() -> None:
    parts = (SpeechPart(kind="lyric", text="Row on, row on"),)
    units = (Unit(id=UnitId("un_a"), kind="speech", text="Row on, row on", cue="ANNA", parts=parts),)
    assert next(p for at, p in film(scene(0), scene(1, units=units), scene(2)) if at == "sc_1").diegetic


def test_a_humming_engine_and_a_wedding_band_are_no_music() -> None:
    units = (
        Unit(id=UnitId("un_a"), kind="action", text="The van hums along the coast."),
        Unit(id=UnitId("un_b"), kind="action", text="He plays with his wedding band."),
    )
    notes = (ActionNote(unit=UnitId("un_b"), actors=(ANNA,)),)
    plans = [p for at, p in film(scene(0), scene(1, units=units, actions=notes), scene(2)) if at == "sc_1"]
    assert not [p for p in plans if p.diegetic]


def test_a_cue_is_named_by_the_scene_that_it_starts_in() -> None:
    scenes = long_film()
    whole = {plan.cue_id for _, plan in film(*scenes)}
    assert {plan.cue_id for at, plan in film(*scenes[8:]) if at not in ("sc_8",)} <= whole


def test_an_empty_film_has_no_music() -> None:
    assert film() == []
