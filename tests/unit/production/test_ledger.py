"""What people did outranks every agent."""

from __future__ import annotations

from shotwright.model.ids import ShotId
from shotwright.model.review import LedgerEntry, LedgerKind
from shotwright.production.ledger import fold, get_field, pins_of, set_field


def act(kind: LedgerKind, field: str = "", value: str = "", shot: str = "sh_1") -> LedgerEntry:
    return LedgerEntry(sequence=0, kind=kind, shot_id=ShotId(shot), field=field, value_json=value)


def test_the_last_decision_stands() -> None:
    standing = fold([act("approve"), act("reject")])["sh_1"]
    assert not standing.approved
    assert standing.decision is not None
    assert standing.decision.kind == "reject"
    assert fold([act("approve"), act("reopen")])["sh_1"].decision is None


def test_a_later_edit_of_a_whole_layer_replaces_the_edits_inside_it() -> None:
    inner = act("edit", "technical_layer.camera.shot_size", '"wide"')
    outer = act("edit", "technical_layer.camera", "{}")
    assert list(fold([inner, outer])["sh_1"].edits) == ["technical_layer.camera"]


def test_unpinning_gives_back_one_field_or_all() -> None:
    edits = [act("edit", "function", '"master"'), act("edit", "transition_in", '"cut"')]
    assert list(fold([*edits, act("unpin", "function")])["sh_1"].edits) == ["transition_in"]
    assert not fold([*edits, act("unpin")])["sh_1"].edits


def test_pins_are_handed_on_in_a_fixed_order() -> None:
    standing = fold([act("edit", "b", "1"), act("edit", "a", "2"), act("edit", "c", "3", shot="sh_2")])
    assert [(p.shot_id, p.field) for p in pins_of(standing, ["sh_2", "sh_1"])] == [
        ("sh_2", "c"),
        ("sh_1", "a"),
        ("sh_1", "b"),
    ]


def test_a_path_reaches_into_lists() -> None:
    tree = {"a": [{"b": 1}, {"b": 2}]}
    set_field(tree, "a.1.b", 5)
    assert get_field(tree, "a.1.b") == 5
