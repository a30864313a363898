"""What every named query answers of a three-scene film with shots and assets: on every store, and its AQL interpreted.

The answers in `named_answers.json` were written by hand from the story below, before any store was asked.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shotwright.adapters.story_store import SqliteStoryStore
from shotwright.adapters.story_store.documents import edge_document, node_document
from shotwright.adapters.story_store.named_queries import query_text
from shotwright.aql.interpreter import run_query
from shotwright.aql.memory import MemoryGraph
from shotwright.errors import QueryError
from shotwright.model.graph import COLLECTIONS, RELATIONS, Edge, Node
from shotwright.model.queries import QUERIES
from shotwright.model.screenplay import Unit
from shotwright.model.story import Beat, CastMember, Character, Look, Presence, SpeechNote
from shotwright.production.projection import brief_from_answer, project_story

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.story import SceneBrief, Story
    from shotwright.ports.story_store import Part, StoryStore

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("named_answers.json").read_text(encoding="utf-8"))
WREN = Character(id="character/wren", name="Wren", cues=("WREN",), kind="voice")
ROBE = Look(id="look/odell.robe", character="character/odell", description="wool robe", clothes=("wool robe",))
LINES = {
    "sc_a": (3, 9), "un_1": (5, 5), "un_2": (6, 6), "un_3": (8, 9),
    "sc_b": (11, 16), "un_4": (13, 13), "un_7": (15, 16),
    "sc_c": (18, 24), "un_5": (20, 20), "un_6": (22, 23),
}  # fmt: skip


@pytest.fixture(scope="module")
def longer_briefs(briefs: tuple[SceneBrief, ...]) -> tuple[SceneBrief, ...]:
    """The three scenes with a robe for Odell, a kettle in the kitchen, and a voice on the phone that first night."""
    a, b, c = briefs
    odell = b.cast[0]

    def dressed(brief: SceneBrief, look: Look) -> tuple[CastMember, ...]:
        return tuple(
            member if member.character.id != "character/odell"
            else member.model_copy(
                update={"look": look, "presence": member.presence.model_copy(update={"look": look.id})}
            )
            for member in brief.cast
        )  # fmt: skip

    voice = Presence(character=WREN.id, voice_only=True, on_phone=True, speeches=1)
    night = b.scene.model_copy(
        update={
            "units": (*b.scene.units, Unit(id="un_7", kind="speech", text="Are you up?", cue="WREN")),
            "story_day": "D1",
            "continuous": True,
            "presences": (odell.presence, voice),
            "speeches": (SpeechNote(unit="un_7", speakers=(WREN.id,), addressees=(odell.character.id,)),),
            "beats": (*b.scene.beats, Beat(name="calm", intensity=0.3, first_unit="un_7", last_unit="un_7")),
        }
    )
    robe_a, robe_b = dressed(a, ROBE), dressed(b, ROBE)
    return (
        a.model_copy(update={"things": (*a.things, b.things[0]), "cast": robe_a}),
        b.model_copy(update={"scene": night, "cast": (*robe_b, CastMember(character=WREN, presence=voice))}),
        c.model_copy(update={"cast": dressed(c, ROBE.model_copy(update={"condition": ("soaked",)}))}),
    )


@pytest.fixture(scope="module")
def parts(story: Story, longer_briefs: tuple[SceneBrief, ...]) -> list[Part]:
    longer = story.model_copy(
        update={
            "characters": (*story.characters, WREN),
            "looks": (*story.looks, ROBE),
            "story_days": ("D1", "D2"),
            "scenes": tuple(brief.scene for brief in longer_briefs),
        }
    )
    return [*project_story(longer, longer_briefs, LINES), *shots()]


def shots() -> list[Part]:
    """Four shots and the assets that they need."""
    mara, odell, ring, kettle = "character/mara", "character/odell", "prop/ring", "prop/kettle"
    dress, coat, robe = "look/mara.dress", "look/mara.coat", "look/odell.robe"
    first = shot("sh_1", 0, "sc_a", "1-1", "wide", "Show her at work.", ("calm", 0.2), approved=True, status="approved")
    second = shot(
        "sh_2", 1, "sc_a", "1-2", "close_up", "Let the ring be seen.", ("shock", 0.7), flags=1, status="flagged",
        dialogue=[{"speaker": mara, "text": "Whose is this?"}],
    )  # fmt: skip
    third = shot("sh_3", 2, "sc_b", "2-1", "medium", "Leave him alone.", ("grief", 0.6))
    fourth = shot("sh_4", 3, "sc_c", "3-1", "medium", "Part them.", ("grief", 0.85), flags=2, status="needs_human")
    return [
        ("shots/sc_a", [first, second], [
            *belongs(first, second),
            *belongs(second, third),
            *shows(first, (mara, dress, "closed")),
            *shows(second, (ring, None, "closed"), (mara, dress, "speaking")),
            *needs(first, ("mara", mara, False), ("kitchen", "location/house.kitchen", True)),
            *needs(second, ("ring", ring, True), ("mara", mara, False)),
        ]),
        ("shots/sc_b", [third], [
            *belongs(third, fourth),
            *shows(third, (odell, robe, "closed")),
            *needs(third, ("kettle", kettle, True)),
        ]),
        ("shots/sc_c", [fourth], [
            *belongs(fourth, None),
            *shows(fourth, (mara, coat, "speaking"), (odell, robe, "closed")),
            *needs(fourth, ("ring", ring, True), ("mara", mara, False)),
        ]),
        ("assets", [
            asset("mara", "Mara, 40", "character", wanted=False),
            asset("kitchen", "Kitchen set", "location"),
            asset("ring", "ring", "object"),
            asset("kettle", "kettle", "object"),
        ], []),
    ]  # fmt: skip


def shot(
    name: str, place: int, scene: str, label: str, size: str, purpose: str, beat: tuple[str, float], **data: Any
) -> Node:
    usual = {
        "scene": scene, "label": label, "setup": f"su_{label}", "units": [], "size": size, "framing": "single",
        "angle": "eye_level", "movement": "static", "function": "coverage", "seconds": 2.5 + place,
        "shot_purpose": purpose, "beat": beat[0], "intensity": beat[1], "dialogue": [], "status": "proposed",
        "flags": 0, "approved": False,
    }  # fmt: skip
    return Node(id=f"shot/{name}", kind="shot", order=place, data=usual | data)


def asset(key: str, name: str, kind: str, *, wanted: bool = True) -> Node:
    data = {"key": key, "name": name, "kind": kind, "description": "", "wanted": wanted, "library": ""}
    return Node(id=f"asset/{key}", kind="asset", data=data)


def belongs(here: Node, following: Node | None) -> list[Edge]:
    scene = f"scene/{here.data['scene']}"
    edges = [Edge(key=f"part_of|{here.id}|{scene}", kind="part_of", src=here.id, dst=scene, order=here.order)]
    if following is not None:
        key = f"cuts_to|{here.id}|{following.id}"
        edges.append(Edge(key=key, kind="cuts_to", src=here.id, dst=following.id, order=here.order))
    return edges


def shows(here: Node, *subjects: tuple[str, str | None, str]) -> list[Edge]:
    return [
        Edge(
            key=f"features|{here.id}|{who}|{i}", kind="features", src=here.id, dst=who, order=i,
            data={"look": look, "mouth": mouth},
        )
        for i, (who, look, mouth) in enumerate(subjects)
    ]  # fmt: skip


def needs(here: Node, *bound: tuple[str, str, bool]) -> list[Edge]:
    return [
        Edge(
            key=f"needs|{here.id}|asset/{key}|{entity}", kind="needs", src=here.id, dst=f"asset/{key}", order=i,
            data={"entity": entity, "wanted": wanted},
        )
        for i, (key, entity, wanted) in enumerate(bound)
    ]  # fmt: skip


@pytest.fixture
def filmed(store: StoryStore, parts: Sequence[Part]) -> StoryStore:
    store.replace_all(parts)
    return store


@pytest.fixture(scope="module")
def documents(parts: Sequence[Part]) -> MemoryGraph:
    """The film as documents, with the same film beside it under another name and every order shifted."""
    nodes, edges = dict.fromkeys(COLLECTIONS.values(), "documents"), dict.fromkeys(RELATIONS, "edges")
    graph = MemoryGraph({**nodes, **edges})  # type: ignore[dict-item]
    for production, shift in (("film", 0), ("other", 7)):
        for scope, held, drawn in parts:
            for node in held:
                moved = node.model_copy(update={"order": node.order + shift})
                graph.put(COLLECTIONS[node.kind], node_document(production, scope, moved, ""), replace=False)
            for edge in drawn:
                graph.put(edge.kind, edge_document(production, scope, edge), replace=False)
    return graph


def written(case: dict[str, Any]) -> list[dict[str, Any]]:
    return [dict(zip(case["columns"], row, strict=True)) for row in case["rows"]]


def told_columns(case: dict[str, Any], rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{column: row[column] for column in case["columns"]} for row in rows]


def canonical(rows: Any) -> str:
    """As text, so that 1 is not taken for true."""
    return json.dumps(rows, sort_keys=True, ensure_ascii=False)


def named(case: dict[str, Any]) -> str:
    return " ".join([case["query"], *case["given"].values()])


@pytest.mark.parametrize("case", CASES, ids=named)
def test_every_store_gives_the_answer_written_by_hand(filmed: StoryStore, case: dict[str, Any]) -> None:
    rows = filmed.run(case["query"], **case["given"])
    assert canonical(told_columns(case, rows)) == canonical(written(case))
    model = QUERIES[case["query"]].row
    for row in rows:
        assert set(row) == set(model.model_fields)
        model.model_validate_json(json.dumps(row), strict=True)


@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_aql_text_interpreted_gives_the_same(documents: MemoryGraph, case: dict[str, Any]) -> None:
    query = QUERIES[case["query"]]
    bound = query.bind(case["given"]) | {"production": "film"}
    result = run_query(query_text(query.name, "aql"), bound, documents)
    assert result.warnings == []
    rows = query.sort(result.rows)
    assert canonical(told_columns(case, rows)) == canonical(written(case))
    for row in rows:
        query.row.model_validate_json(json.dumps(row), strict=True)


def test_every_named_query_has_an_answer_written_by_hand_that_is_not_empty() -> None:
    assert {case["query"] for case in CASES if case["rows"]} == set(QUERIES)
    for case in CASES:
        whole = list(QUERIES[case["query"]].row.model_fields)
        assert case["query"] == "scene_briefing" or case["columns"] == whole, named(case)


def test_a_film_beside_it_in_the_same_file_changes_no_answer(tmp_path: Path, parts: Sequence[Part]) -> None:
    path = tmp_path / "graph.db"
    with_shift = [
        (scope, [n.model_copy(update={"order": n.order + 7, "data": n.data | {"name": "other"}}) for n in nodes], edges)
        for scope, nodes, edges in parts
    ]
    ours, other = SqliteStoryStore(path, "film"), SqliteStoryStore(path, "other")
    ours.replace_all(parts)
    other.replace_all(with_shift)
    for case in CASES:
        assert canonical(told_columns(case, ours.run(case["query"], **case["given"]))) == canonical(written(case))
    ours.close()
    other.close()


def test_the_briefing_of_a_scene_with_a_voice_is_the_architects_too(
    filmed: StoryStore, longer_briefs: Sequence[SceneBrief]
) -> None:
    brief = longer_briefs[1]
    found = brief_from_answer(filmed.run("scene_briefing", scene=f"scene/{brief.scene.scene_id}"))
    assert found == brief


@pytest.mark.parametrize("query", [name for name, q in QUERIES.items() if q.parameters.model_fields])
def test_what_the_graph_does_not_know_has_an_empty_answer(
    filmed: StoryStore, documents: MemoryGraph, query: str
) -> None:
    given = dict.fromkeys(QUERIES[query].parameters.model_fields, "prop/none")
    assert filmed.run(query, **given) == []
    assert run_query(query_text(query, "aql"), given | {"production": "film"}, documents).rows == []


def test_a_question_asked_wrongly_says_what_the_query_takes(filmed: StoryStore) -> None:
    with pytest.raises(QueryError, match="there is no query named custodian") as unknown:
        filmed.run("custodian")
    assert "custody" in unknown.value.hint
    with pytest.raises(QueryError, match="needs thing"):
        filmed.run("custody")
    with pytest.raises(QueryError, match="does not take colour") as surplus:
        filmed.run("last_seen_with", thing="prop/ring", colour="red")
    assert "before (optional)" in surplus.value.hint
    with pytest.raises(QueryError, match="thing = 3"):
        filmed.run("custody", thing=3)
