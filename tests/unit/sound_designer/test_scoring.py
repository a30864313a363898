"""A scene's sound: one bed, effects in their time, music where it falls."""

from __future__ import annotations

import pytest
from tests.unit.director.scenes import brief_of, car

from shotwright.crew.director.draft import direct_scene
from shotwright.crew.sound_designer import score_scene
from shotwright.model.crew import DirectedScene, FilmSettings, MusicPlan, Pin, ScoredScene
from shotwright.model.ids import EntityId, SceneId, UnitId
from shotwright.model.screenplay import Slugline
from shotwright.model.story import Location, Neighbour, SceneBrief, Segment

SETTINGS = FilmSettings()


def at(brief: SceneBrief, raw: str, place: str, time: str = "midday", **more: object) -> SceneBrief:
    int_ext = "INT" if raw.startswith("INT") else "EXT"
    tails = ("MOVING",) if "MOVING" in raw else ()
    slugline = Slugline(raw=raw, int_ext=int_ext, place=place, tails=tails)
    where = Location(id=EntityId("location/here"), name=place.title())
    scene = brief.scene.model_copy(update={"slugline": slugline, "location": where.id, "time_of_day": time, **more})
    return brief.model_copy(update={"scene": scene, "place": where})


def hatchback() -> SceneBrief:
    return at(car(), "INT. HATCHBACK (MOVING) - NIGHT", "HATCHBACK", "night")


def score(brief: SceneBrief, *music: MusicPlan, pins: tuple[Pin, ...] = ()) -> tuple[DirectedScene, ScoredScene]:
    directed = direct_scene(brief, SETTINGS)
    return directed, score_scene(brief, directed, music, SETTINGS, pins)


def test_the_car_scenes_bed_is_rain_on_the_roof_wipers_and_road() -> None:
    _, scored = score(hatchback())
    beds = {shot.ambience for shot in scored.shots}
    assert len(beds) == 1
    bed = beds.pop()
    assert "rain on the car roof" in bed
    assert "wiper rub" in bed
    assert "road hum" in bed


def test_the_car_scenes_key_sounds_lie_on_their_shots() -> None:
    directed, scored = score(hatchback())
    texts = {unit.id: unit.text for unit in car().scene.units}
    for words, name in (
        ("BUZZES", "phone buzz"),
        ("presses the speaker", "key tap"),
        ("ends the call", "call-end tone"),
        ("wipers cross", "wiper pass"),
        ("TICKS", "indicator tick"),
    ):
        carrying = next(n for n, s in enumerate(directed.shots) if any(words in texts[unit] for unit in s.units))
        assert name in [effect.name for effect in scored.shots[carrying].sound_effects]


def test_a_phone_voice_brings_the_grain_of_its_speaker() -> None:
    directed, scored = score(hatchback())
    for shot, sound in zip(directed.shots, scored.shots, strict=True):
        by_phone = any(line.voice == "phone" for line in shot.dialogue)
        assert by_phone == any("filtered voice" in effect.name for effect in sound.sound_effects)


def test_every_sound_lies_inside_its_clip_and_in_order() -> None:
    directed, scored = score(hatchback())
    for shot, sound in zip(directed.shots, scored.shots, strict=True):
        clip = shot.duration_frames / SETTINGS.frame_rate
        starts = [effect.start_seconds for effect in sound.sound_effects if "voice" not in effect.name]
        assert starts == sorted(starts)
        for effect in sound.sound_effects:
            assert 0 <= effect.start_seconds < clip
            assert effect.start_seconds + (effect.seconds or 0) <= clip + 0.01


def test_a_sound_after_a_line_comes_after_the_line() -> None:
    directed, scored = score(brief_of("ANNA: Well, I suppose that is that.\nThe gate SLAMS."))
    line = directed.shots[-1].dialogue[0]
    slam = next(effect for effect in scored.shots[-1].sound_effects if effect.name == "gate slam")
    assert slam.start_seconds >= line.start_seconds + line.seconds - 0.01


@pytest.mark.parametrize(
    ("raw", "place", "time", "words"),
    [
        ("INT. KITCHEN - NIGHT", "KITCHEN", "night", "refrigerator"),
        ("EXT. HARBOUR - DAY", "HARBOUR", "midday", "gulls"),
        ("EXT. WOODS - NIGHT", "WOODS", "night", "insects"),
        ("INT. ST JUDE HOSPITAL - DAY", "ST JUDE HOSPITAL", "midday", "ventilation"),
        ("EXT. FARM GATE - DAY", "FARM GATE", "midday", "open country"),
        ("INT. ROOM OF THE LIGHTHOUSE - DAY", "ROOM OF THE LIGHTHOUSE", "midday", "surf"),
        ("INT. ROWBOAT - DAY", "ROWBOAT", "midday", "open water"),
        ("INT. ВОКЗАЛ - ДЕНЬ", "ВОКЗАЛ", "midday", "interior room tone"),
        ("EXT. 公園 - 夜", "公園", "night", "open night air"),
    ],
)
def test_a_bed_is_of_its_place_and_hour(raw: str, place: str, time: str, words: str) -> None:
    _, scored = score(at(brief_of("ANNA waits.\nANNA: Well?"), raw, place, time))
    assert words in scored.shots[0].ambience
    assert scored.shots[0].provenance["ambience"].because


def test_weather_that_is_only_compared_is_not_heard() -> None:
    _, scored = score(at(brief_of("Applause like rain. ANNA bows."), "INT. THEATRE - NIGHT", "THEATRE", "night"))
    assert "rain" not in scored.shots[0].ambience


def test_each_side_of_an_intercut_has_its_own_bed() -> None:
    brief = at(
        brief_of(
            "ANNA grips the receiver.\nANNA: Where are you now, and why is it so loud where you are?\n"
            "BEN covers an ear.\nBEN: Down at the harbour, I can hardly hear you over the gulls and the winches."
        ),
        "INT. KITCHEN - NIGHT",
        "KITCHEN",
        "night",
    )
    directed = direct_scene(brief, SETTINGS)
    shots = list(directed.shots)
    far = EntityId("location/harbour")
    shots[-1] = shots[-1].model_copy(
        update={"intent": shots[-1].intent.model_copy(update={"place": far, "segment": "intercut"})}
    )
    near = [s.model_copy(update={"intent": s.intent.model_copy(update={"segment": "intercut"})}) for s in shots[:-1]]
    scored = score_scene(brief, DirectedScene(scene_id=directed.scene_id, shots=(*near, shots[-1])), (), SETTINGS)
    assert "kitchen" in scored.shots[0].ambience
    assert "surf" in scored.shots[-1].ambience


def test_a_montage_has_one_bed() -> None:
    brief = brief_of("ANNA paints a door.\nAnna fells a tree.\nAnna swims the river.", scene_type="montage")
    _, scored = score(brief)
    assert len({shot.ambience for shot in scored.shots}) == 1


def plan(**more: object) -> MusicPlan:
    values = {
        "cue_id": "mx_1",
        "starts_here": True,
        "ends_here": True,
        "description": "low",
        "why_in": "in",
        "why_out": "out",
    }
    return MusicPlan.model_validate({**values, **more})


def test_a_cue_starts_on_its_unit_and_ends_with_the_scene() -> None:
    directed, scored = score(hatchback(), plan(start_unit=UnitId("un_9")))
    first = next(n for n, shot in enumerate(directed.shots) if "un_9" in shot.units)
    states = [shot.music_cue.state for shot in scored.shots]
    assert states[:first] == ["none"] * first
    assert states[first] == "starts"
    assert states[-1] == "ends"
    assert set(states[first + 1 : -1]) == {"continues"}
    assert scored.shots[first].music_cue.why == "in"
    assert scored.shots[-1].music_cue.why == "out"
    assert all(shot.music_cue.number == "" for shot in scored.shots)


def test_a_cue_that_passes_through_only_continues() -> None:
    _, scored = score(hatchback(), plan(starts_here=False, ends_here=False))
    assert {shot.music_cue.state for shot in scored.shots} == {"continues"}


def test_no_cue_is_none_with_a_reason() -> None:
    _, scored = score(hatchback())
    assert {shot.music_cue.state for shot in scored.shots} == {"none"}
    assert all(shot.provenance["music_cue"].because for shot in scored.shots)


def test_a_written_sound_at_a_scenes_start_may_lead_its_picture() -> None:
    brief = brief_of("A phone RINGS. ANNA stares at it.", things=("phone",))
    before = Neighbour(
        scene_id=SceneId("sc_0"),
        location=EntityId("location/x"),
        time_of_day="midday",
        story_day="D1",
        scene_type="activity",
    )
    directed, scored = score(brief.model_copy(update={"previous": before}))
    assert 0 < scored.shots[0].lead_frames < directed.shots[0].duration_frames
    assert "leads" in scored.shots[0].provenance["sound_effects"].because
    assert score(brief)[1].shots[0].lead_frames == 0


def test_a_pinned_bed_stays_as_a_person_set_it() -> None:
    brief = hatchback()
    shot = direct_scene(brief, SETTINGS).shots[0].shot_id
    _, scored = score(brief, pins=(Pin(shot_id=shot, field="audio.ambience", value_json='"silence"'),))
    assert scored.shots[0].ambience == "silence"
    assert scored.shots[0].provenance["ambience"].pinned
    assert scored.shots[1].ambience != "silence"


def test_rain_of_a_montage_element_is_not_the_scenes_weather() -> None:
    brief = at(brief_of("ANNA drops the oars.\nA pier in the rain."), "EXT. LAKE - DAY", "LAKE")
    last = brief.scene.units[-1].id
    segment = Segment(kind="montage", first_unit=last, last_unit=last)
    brief = brief.model_copy(update={"scene": brief.scene.model_copy(update={"segments": (segment,)})})
    _, scored = score(brief)
    assert "rain" not in scored.shots[0].ambience
