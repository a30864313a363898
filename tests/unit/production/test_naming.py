"""Shot ids through drafts."""

from __future__ import annotations

from shotwright.model.crew import DirectedScene, DirectedShot, ShotIntent
from shotwright.model.ids import EntityId, SceneId, ShotId, UnitId
from shotwright.model.shot import Cut, EmotionalBeat, NarrativeLayer
from shotwright.production.naming import carry_names, source_text

SCENE = SceneId("sc_1")


def directed(*names: str, continues: dict[str, str] | None = None) -> DirectedScene:
    return DirectedScene(
        scene_id=SCENE,
        shots=tuple(
            DirectedShot(
                shot_id=ShotId(name),
                units=(UnitId(f"un_{name}"),),
                continues_shot_id=ShotId((continues or {})[name]) if name in (continues or {}) else None,
                duration_frames=144,
                cuts=(Cut(src_in=0, src_out=144),),
                function="coverage",
                narrative=NarrativeLayer(action_description="a", character_performance="b", shot_purpose="c"),
                intent=ShotIntent(
                    focus="action", place=EntityId("location/x"), beat=EmotionalBeat(name="calm", intensity=0.2)
                ),
            )
            for name in names
        ),
    )


def names(scene: DirectedScene) -> list[str]:
    return [s.shot_id for s in scene.shots]


def test_a_first_draft_keeps_the_content_names_and_records_them() -> None:
    scene, rows = carry_names(directed("a", "b"), {}, [], {"a": "one two", "b": "three"})
    assert names(scene) == ["a", "b"]
    assert rows == [(SCENE, "a", "a"), (SCENE, "b", "b")]


def test_a_shot_whose_words_changed_a_little_is_the_same_shot() -> None:
    before = [("a", "the door opens slowly now"), ("b", "rain")]
    scene, rows = carry_names(
        directed("a2", "b"), {(SCENE, "b"): "b"}, before, {"a2": "the door opens slowly", "b": "rain"}
    )
    assert names(scene) == ["a", "b"]
    assert rows == [(SCENE, "a2", "a")]


def test_a_shot_with_new_words_is_a_new_shot() -> None:
    before = [("a", "the door opens"), ("b", "rain")]
    scene, _ = carry_names(
        directed("a", "x", "b"),
        {(SCENE, "a"): "a", (SCENE, "b"): "b"},
        before,
        {"a": "the door opens", "x": "a goat sings", "b": "rain"},
    )
    assert names(scene) == ["a", "x", "b"]


def test_two_shots_never_get_the_same_id_and_continuations_follow_the_renaming() -> None:
    before = [("a", "one two three four")]
    texts = {"p": "one two three", "q": "one two four"}
    scene, _ = carry_names(directed("p", "q", continues={"q": "p"}), {}, before, texts)
    assert len(set(names(scene))) == 2
    assert scene.shots[1].continues_shot_id == scene.shots[0].shot_id == "a"


def test_a_name_recorded_once_holds_for_good() -> None:
    scene, rows = carry_names(directed("a2"), {(SCENE, "a2"): "a"}, [("a", "x"), ("b", "y")], {"a2": "zzz"})
    assert names(scene) == ["a"]
    assert rows == []


def test_the_source_text_takes_of_a_speech_only_the_words_of_this_shot() -> None:
    text = source_text(["u1", "u2"], [("u2", "and so"), ("u2", "it ends.")], {"u1": "He sits.", "u2": "All of it."})
    assert text == "He sits.\nand so it ends."
