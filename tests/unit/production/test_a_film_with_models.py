"""The whole line with a model in every room: what is asked, what is kept, what is never asked twice."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from tests.standin.language_model import faults
from tests.standin.language_model.agreeing import Agreeing
from tests.standin.language_model.server import running

from shotwright.errors import Unavailable
from shotwright.production import asking as asking_room
from shotwright.production.opened import Production
from shotwright.production.studio import RunRequest, rehearse, run_production

if TYPE_CHECKING:
    from pathlib import Path

    from tests.standin.language_model.faults import Fault
    from tests.standin.language_model.shapes import Asked

    from shotwright.production.orders import Report

SCRIPT = """Title: The Ferry

INT. KITCHEN - NIGHT

Anna sits at the table. She turns a key in her hand. Rain runs down the window.

ANNA
You said you would be home before the last ferry. You said it twice.

TOM
(quietly)
I know what I said.

He takes off his wet coat and does not look at her.

ANNA
Where were you?

Tom puts the coat over the chair. He opens the drawer and stops.

EXT. HARBOUR - NIGHT

The ferry lies dark at the quay. A light moves behind its windows. Tom walks along the edge, his hands in his pockets.

TOM
I left it here. I know that I left it here.

INT. FERRY - CONTINUOUS

Water on the floor. Tom kneels and looks under the bench. A hand comes down on his shoulder.

KELLER
Looking for this?

The old ferryman holds up a key. It is the same as Anna's.

INT. KITCHEN - MORNING

Anna wakes at the table. Two keys lie in front of her. She touches the second and begins to laugh.

EXT. HARBOUR - DAY

The ferry leaves. Anna stands on the quay with both keys in her fist and throws them, one by one, far out.
"""


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Agreeing:
    found = Agreeing()
    found.attach(monkeypatch)
    return found


def of_the_form(asked: Asked) -> str:
    """An answer of the form asked for, which says little."""
    return json.dumps({name: [] for name in (asked.schema or {}).get("properties", {})})


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "ferry.fountain"
    path.write_text(SCRIPT)
    return path


def run(script: Path, out: str = "film", **more: Any) -> Report:
    flags = {"models.default": "agreeing", **more.pop("flags", {})}
    _, report = run_production(RunRequest(script, script.parent / out, flags=flags, frames=False, **more))
    return report


def shots(script: Path, out: str = "film") -> bytes:
    return (script.parent / out / "shots.json").read_bytes()


def plain(script: Path, out: str) -> list[dict[str, Any]]:
    """Shots without who set them."""
    found = json.loads(shots(script, out))
    listed: list[dict[str, Any]] = found["shots"] if isinstance(found, dict) else found
    return [{k: v for k, v in shot.items() if k != "provenance"} for shot in listed]


def test_a_model_that_agrees_changes_nothing_but_who_set_it(model: Agreeing, script: Path) -> None:
    report = run(script)
    assert report.proof is not None
    assert {agent for agent, _, _ in model.asked} >= {
        "architect", "director", "cinematographer", "sound_designer", "continuity_supervisor",
    }  # fmt: skip
    assert not any(r.fallen or r.pending or r.changed for r in report.refinements)
    run(script, "rules", flags={"models.default": ""})
    assert plain(script, "film") == plain(script, "rules")


def test_nothing_is_asked_twice(model: Agreeing, script: Path) -> None:
    run(script)
    first = len(model.asked)
    assert run(script).nothing_to_do
    script.write_text(SCRIPT + "\n")
    run(script)
    assert len(model.asked) == first


def test_a_changed_line_costs_its_scene_its_window_and_one_question_about_the_film(
    model: Agreeing, script: Path
) -> None:
    run(script)
    before = run(script, "other").refinements
    model.asked.clear()
    script.write_text(SCRIPT.replace("Where were you?", "Where were you all night?"))
    run(script)
    scenes = {scene for agent, _, scene in model.asked if scene and agent != "architect"}
    assert len(scenes) == 1
    tasks = model.tasks()
    assert tasks["architect.window"] == 1
    assert tasks["architect.film"] <= 1
    assert sum(tasks.values()) < len(before)
    assert not [task for task in tasks if "casting" in task or "music" in task]


def test_another_prompt_asks_that_agent_again_and_the_dry_run_says_so(
    model: Agreeing, script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(script)
    model.asked.clear()
    known = asking_room.prompts
    monkeypatch.setattr(asking_room, "prompts", lambda a: "new" if a == "sound_designer" else known(a))
    from shotwright.crew.sound_designer import refine

    ask = refine.ask

    def with_new_prompt(*given: Any) -> Any:
        from dataclasses import replace

        found = ask(*given)
        return None if found is None else replace(found, instructions=found.instructions + " Listen.")

    monkeypatch.setattr(refine, "ask", with_new_prompt)
    told = rehearse(
        RunRequest(script, script.parent / "film", flags={"models.default": "agreeing"}, frames=False)
    ).estimate
    assert told is not None
    assert not model.asked
    assert {row.agent for row in told.rows} == {"sound_designer"}
    run(script)
    assert {agent for agent, _, _ in model.asked} == {"sound_designer"}
    assert told.calls == len(model.asked)


def test_another_model_of_one_agent_asks_that_agent_and_whoever_stands_on_what_it_changed(
    model: Agreeing, script: Path
) -> None:
    run(script)
    model.asked.clear()
    model.names["director"] = "another"
    run(script)
    assert {agent for agent, _, _ in model.asked} == {"director"}


def test_a_dry_run_of_a_new_film_counts_what_the_run_then_asks(model: Agreeing, script: Path) -> None:
    request = RunRequest(script, script.parent / "film", flags={"models.default": "agreeing"}, frames=False)
    told = rehearse(request).estimate
    assert told is not None
    assert not model.asked
    assert told.input_tokens > 0
    run(script)
    assert told.calls == len(model.asked)


def test_a_replay_from_the_exchanges_alone_gives_the_same_bytes(model: Agreeing, script: Path) -> None:
    def reword(task: str, answer: dict[str, Any]) -> Any:
        # Some answers are changed, some cannot be used, so that all ways through are replayed.
        text = json.dumps(answer)
        return text[: len(text) // 2] if len(text) % 3 == 0 else text.replace("the", "a")

    model.reword = reword
    run(script)
    bytes_then = shots(script)
    asked = len(model.asked)
    with sqlite3.connect(script.parent / "film" / "journal.sqlite") as db:
        for table in ("result", "current", "film"):
            db.execute(f"DELETE FROM {table}")
        db.execute("DELETE FROM meta WHERE name = 'signature'")
    (script.parent / "film" / "shots.json").unlink()
    report = run(script, replay=True)
    assert shots(script) == bytes_then
    assert len(model.asked) == asked
    assert report.pending == 0


def test_an_outage_leaves_a_whole_film_and_the_next_run_ends_as_if_there_had_been_none(
    model: Agreeing, script: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def reword(task: str, answer: dict[str, Any]) -> Any:
        return json.loads(json.dumps(answer).replace("night", "dark"))

    model.reword = reword
    run(script, "straight")
    straight = shots(script, "straight")
    model.fails = lambda n: Unavailable("connection lost", transient=True) if n > len(model.requests) - 1 else None
    down = Unavailable("connection lost", transient=True)
    begun = len(model.asked)
    model.fails = lambda number: down if number > begun + 4 else None
    report = run(script)
    assert report.proof is not None
    assert report.failed == 0
    assert report.pending > 0
    told = [s["provenance"] for s in json.loads(shots(script))["shots"]]
    assert any("not refined yet: connection lost" in p["because"] for shot in told for p in shot.values())
    status = _printed(capsys, "status", str(script.parent / "film"))
    assert f"{report.pending} questions to models unanswered (connection lost)" in status
    model.fails = lambda number: None
    report = run(script)
    assert report.pending == 0
    assert shots(script) == straight
    assert "unanswered" not in _printed(capsys, "status", str(script.parent / "film"))


def test_a_spent_budget_stops_cleanly_and_goes_on(model: Agreeing, script: Path) -> None:
    report = run(script, budget_usd=0.005)
    assert report.pending > 0
    assert report.asked is not None
    assert report.asked.cost_usd <= 0.005
    assert report.proof is not None
    done = len(model.asked)
    report = run(script)
    assert report.pending == 0
    run(script, "straight")
    assert shots(script) == shots(script, "straight")
    assert done > 0


def test_shared_text_stands_first_and_is_the_same(model: Agreeing, script: Path) -> None:
    run(script)
    beginnings: dict[str, set[tuple[str, str]]] = {}
    for (_, task, _), request in zip(model.asked, model.requests, strict=True):
        beginnings.setdefault(task, set()).add((request.instructions, request.film))
    assert {task: len(found) for task, found in beginnings.items()} == dict.fromkeys(beginnings, 1)


def test_without_a_model_nothing_touches_the_network_or_loads_what_could(script: Path) -> None:
    code = (
        "import socket, sys\n"
        "def no(*a, **k): raise AssertionError('network')\n"
        "socket.socket.connect = no; socket.getaddrinfo = no; socket.create_connection = no\n"
        "from shotwright.cli import main\n"
        f"sys.argv = ['shotwright', 'run', {str(script)!r}, '--no-frames']\n"
        "try: main()\n"
        "except SystemExit as end: assert end.code in (0, 3, None), end.code\n"
        "bad = [m for m in ('httpx', 'pydantic_ai', 'openai', 'anthropic') if m in sys.modules]\n"
        "assert not bad, bad\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_supervisors_note_goes_back_to_its_owner_who_answers_it(model: Agreeing, script: Path) -> None:
    def reword(task: str, answer: dict[str, Any]) -> Any:
        if task == "continuity_supervisor.scene":
            return {"notes": [{"shot": 2, "code": "purpose_repeats", "say": "Anna waits twice; say what Tom hides"}]}
        if task == "director.words":
            for shot in answer["shots"]:
                shot["purpose"] = "Tom hides the lost key from Anna, and her dread finds a shape."
        return answer

    model.reword = reword
    report = run(script)
    assert model.tasks()["director.words"] >= 1
    told = json.loads(shots(script))["shots"]
    answered = [s for s in told if s["narrative_layer"]["shot_purpose"].startswith("Tom hides the lost key")]
    assert answered
    assert all(s["provenance"]["narrative_layer"]["mind"] == "agreeing" for s in answered)
    assert report.proof is not None
    flags = [f for s in told for f in s["continuity"]["flags"] if f["code"].startswith("JUDGED_")]
    assert all(f["severity"] == "warn" for f in flags)


def test_a_persons_words_reach_the_model_and_the_rest_of_the_scene_stands(model: Agreeing, script: Path) -> None:
    def reword(task: str, answer: dict[str, Any]) -> Any:
        if task == "sound_designer.scene":
            for n, air in enumerate(answer["airs"]):
                air["say"] = f"rain on glass, a clock in room {n + 1}, no traffic"
        return answer

    model.reword = reword
    run(script)
    first = json.loads(shots(script))["shots"]
    with Production(script.parent / "film") as opened:
        opened.decide("send_back", [opened.shots[1]], field="audio.ambience", note="drier, and closer")
    model.asked.clear()
    model.requests.clear()
    run(script)
    assert any("drier, and closer" in r.messages[0].text for r in model.requests)
    after = json.loads(shots(script))["shots"]
    assert [s["audio"]["ambience"] for s in after[2:]] == [s["audio"]["ambience"] for s in first[2:]]


ALL_WRONG = {
    "limited": [faults.status(429, retry_after="0")] * 200,
    "broken": [faults.status(500)] * 200,
    "overloaded": [faults.status(503)] * 200,
    "reset": [faults.disconnect()] * 200,
    "cut": [faults.cut()] * 200,
    "no reply": [faults.garbage()] * 200,
    "slow": [faults.delay(3)] * 200,
    "key": [faults.status(401)] * 200,
}


@pytest.mark.parametrize("name", sorted(ALL_WRONG))
def test_a_service_that_fails_leaves_the_rules_film_and_everything_pending(script: Path, name: str) -> None:
    ordered: list[Fault | None] = list(ALL_WRONG[name])
    flags = {"models.tries": 1, "models.timeout_seconds": 1.0}
    with running(of_the_form, ordered) as server:
        report = run(script, flags={"models.default": server.spelling, **flags})
        assert report.proof is not None
        assert report.failed == 0
        assert report.pending == len([r for r in report.refinements if r.asked])
        assert report.pending > 5
    run(script, "rules", flags={"models.default": ""})
    assert plain(script, "film") == plain(script, "rules")


def test_a_service_that_fails_now_and_then_is_asked_again(script: Path) -> None:
    some: list[Fault | None] = [
        faults.status(429, retry_after="0"), None, faults.disconnect(), None, faults.cut(), faults.status(503), None
    ]  # fmt: skip
    with running(of_the_form, some) as server:
        report = run(
            script, flags={"models.default": server.spelling, "models.timeout_seconds": 60.0, "models.tries": 8}
        )
    assert [r.pending for r in report.refinements if r.pending] == []
    assert report.proof is not None


def test_a_run_of_one_scene_asks_about_that_scene_and_its_window(model: Agreeing, script: Path) -> None:
    run(script, scenes=("3",))
    tasks = model.tasks()
    assert tasks["director.scene"] == 1
    assert tasks["architect.window"] == 1
    assert not tasks["architect.film"]
    assert not tasks["sound_designer.music"]
    assert run(script).pending == 0


def test_what_two_people_are_to_each_other_stands_with_both(
    model: Agreeing, script: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def reword(task: str, answer: dict[str, Any]) -> Any:
        if task == "architect.film":
            bond = {"a": 1, "b": 2, "bond": "spouses", "state": "strained", "words": "she counts, he hides"}
            return {**answer, "bonds": [bond]}
        return answer

    model.reword = reword
    run(script)
    with Production(script.parent / "film") as opened:
        (bond,) = opened.story.relations
        people = {c.id: c.name for c in opened.story.characters}
    aql = "FOR c IN characters FILTER c.relations SORT c.node RETURN {id: c.node, tie: c.relations[0]}"
    held = _printed(capsys, "graph", str(script.parent / "film"), "--aql", aql, "--jsonl")
    ties = {row["id"]: row["tie"] for row in map(json.loads, held.splitlines())}
    words = {"bond": "spouses", "state": "strained", "words": "she counts, he hides"}
    assert ties == {bond.a: {"to": bond.b, **words}, bond.b: {"to": bond.a, **words}}
    card = _printed(capsys, "show", str(script.parent / "film"), "character", people[bond.a])
    assert f"to {people[bond.b].strip()}: spouses, strained: she counts, he hides" in card


def _printed(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    from shotwright.cli import main

    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(list(args))
    assert ended.value.code == 0
    return capsys.readouterr().out
