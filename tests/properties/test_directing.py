"""Whatever the scene: shots tile it in order, every word is said once, lengths are in bounds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.director.scenes import brief_of

from shotwright.craft.phrasing import phrases
from shotwright.craft.timing import plain, tokens
from shotwright.crew.director.check import check_scene
from shotwright.crew.director.draft import direct_scene
from shotwright.model.crew import FilmSettings

WORDS = st.sampled_from(
    [
        "the",
        "ferry",
        "leaves",
        "at",
        "nine",
        "and",
        "nobody",
        "told",
        "me,",
        "because",
        "it",
        "rained",
        "--",
        "again;",
        "why?",
        "I,",
        "you,",
        "they",
        "left!",
        "money",
        "boat...",
        "who",
        "so",
    ]
)
TALK = st.lists(WORDS, min_size=1, max_size=45).map(" ".join)
SENTENCE = st.sampled_from([
    "Anna opens the door.", "Nobody moves.", "Bert runs down the pier, jumps and misses the boat.", "Rain.",
    "CLOSE ON THE RING.", "A sign reads CLOSED.", "The lamp goes out and the whole street is dark for a while.",
    "Carl enters.", "SUPER: Two years later",
])  # fmt: skip
LINE = st.one_of(
    st.tuples(st.sampled_from(["ANNA", "BERT", "CARL", "ANNA (V.O.)"]), TALK).map(lambda x: f"{x[0]}: {x[1]}"),
    st.lists(SENTENCE, min_size=1, max_size=5).map(" ".join),
    st.sampled_from(["> CUT TO:", "> CLOSE ON", "> DISSOLVE TO:", "> END OF MONTAGE"]),
)
SCENE = st.lists(LINE, min_size=1, max_size=14)
SETTINGS = st.builds(
    FilmSettings, cut_style=st.sampled_from(["literal", "edited"]), target_model=st.sampled_from(["", "kling", "veo"]),
    frame_rate=st.sampled_from([24, 25, 30]),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(lines=SCENE, film=SETTINGS, montage=st.booleans())
def test_any_scene_is_tiled_by_legal_shots(lines: list[str], film: FilmSettings, montage: bool) -> None:
    brief = brief_of("\n".join(lines), {"ANNA": "Anna"})
    if montage and len(brief.scene.units) > 1:
        brief = brief_of("\n".join(lines), {"ANNA": "Anna"}, segments=(("montage", 0, len(brief.scene.units) - 1),))
    directed = direct_scene(brief, film)
    assert check_scene(brief, film, directed) == ()
    longest = {u.id: len(u.text.split()) for u in brief.scene.units}
    for shot in directed.shots:
        assert film.clip_min_seconds <= shot.duration_frames / film.frame_rate <= film.clip_max_seconds
        for line in shot.dialogue:
            words = sum(1 for t in tokens(line.text) if t.words)
            spoken = sum(1 for t in tokens(" ".join(u.text for u in brief.scene.units if u.id == line.unit)) if t.words)
            assert words >= min(3, spoken), (line.text, longest[line.unit])


@settings(max_examples=40, deadline=None)
@given(lines=SCENE, pick=st.integers(0, 20))
def test_any_shot_may_be_fixed_and_the_rest_is_cut_around_it(lines: list[str], pick: int) -> None:
    brief = brief_of("\n".join(lines), {"ANNA": "Anna"})
    film = FilmSettings()
    shots = direct_scene(brief, film).shots
    if not shots:
        return
    kept = shots[pick % len(shots)]
    again = direct_scene(brief, film.model_copy(update={"target_model": "kling"}), fixed=(kept,))
    assert check_scene(brief, film, again) == ()
    assert kept in again.shots


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet=st.sampled_from("ab ,.!?-—…。、雨傘 '\n")), most=st.floats(6.0, 18.0))
def test_phrases_joined_are_the_speech(text: str, most: float) -> None:
    found = phrases([("words", text)], most)
    assert "".join(p.text for p in found).replace(" ", "") == plain(text).replace(" ", "")
