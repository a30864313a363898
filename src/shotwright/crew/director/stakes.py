"""What a shot leaves open or settles: facts of the scene's question, wish, turn, people and things at that moment.

A purpose under a weak feeling is tied to one of these instead of to a mood. Every tie is checked against the units up
to the end of the shot, so that it never claims what the scene does not bear out.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from shotwright.craft.timing import plain
from shotwright.crew.director.wording import key_line, purposes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shotwright.crew.director.coverage import Coverage
    from shotwright.crew.director.people import People
    from shotwright.crew.director.wording import Chooser
    from shotwright.model.story import SpeechNote

_QUOTED = re.compile(r'["“]([^"”]+)["”]')
_WISH = re.compile(
    r"(?P<who>[A-Z][^,;:]*?)['’]s (?:need|urge|wish|demand|hope|attempt) to (?P<want>[^,;:]+?)"
    r"(?= to the test| against | come up | feel dangerous| into something| go astray| to be met|[,;:.]|$)"
)
MOST_WANT_WORDS = 9
LONG_TALE = 3
_OFTEN = frozenset({"asks", "asks_in_vain", "tale_goes_on"})
"""Facts that are new each time they hold; of the others twice in a scene is enough, of a person or a thing once."""


class Stakes:
    """The ties of one scene's shots; ask in order."""

    def __init__(self, people: People, chooser: Chooser, shots: list[Coverage]) -> None:
        self.people, self.chooser, self.shots = people, chooser, shots
        self.used: set[str] = set()
        scene = people.brief.scene
        order = people.scene.order
        self._order = order
        self._first_said: dict[str, int] = {}
        self._talk: list[tuple[int, SpeechNote, str]] = []
        texts = {u.id: plain(u.text) for u in scene.units if u.kind == "speech"}
        for note in scene.speeches:
            at = order.get(note.unit, -1)
            self._talk.append((at, note, texts.get(note.unit, "")))
            for who in note.speakers:
                self._first_said.setdefault(who, at)
        self._first_shown: dict[str, int] = {}
        shown: Counter[str] = Counter()
        self._last_shown: dict[str, int] = {}
        for done in scene.actions:
            for thing in done.things:
                self._first_shown.setdefault(thing, order.get(done.unit, -1))
                shown[thing] += 1
                self._last_shown[thing] = order.get(done.unit, -1)
        self._question = self._asked_in_goal(scene.goal)
        self._wish = self._wished(scene.goal)
        self._things: dict[str, str] = {
            t.id: t.name.lower() for t in people.brief.things if t.kind == "prop" and t.hero and t.name
        }
        acted = " ".join(u.text for u in scene.units if u.kind == "action").lower()
        self._steady = {t for t, name in self._things.items() if shown[t] > 1 and f"{name}s" not in acted}
        self._points = [p for p in people.brief.plot_points if p.about and p.scene == scene.scene_id]
        self._tellers = [_alone(shot) for shot in shots]
        self._runs = [len(run) for _, group in groupby(self._tellers) for run in [list(group)] for _ in run]
        self._counts: Counter[tuple[str, str]] = Counter()
        self._spoken_words = " ".join(texts.values()).lower()

    def _wished(self, goal: str) -> tuple[str, str] | None:
        """(whose wish, what) where the scene's goal names one in few words."""
        wish = _WISH.search(goal)
        if wish is None or len(wish["want"].split()) > MOST_WANT_WORDS:
            return None
        names = [n for n in self.people.names.values() if n and wish["who"].endswith(n)]
        return (max(names, key=len), wish["want"]) if names else None

    def _asked_in_goal(self, goal: str) -> tuple[int, str, str, str] | None:
        """(unit index, who asks, whom, the words) of the question that the scene's goal quotes."""
        quoted = _QUOTED.search(goal)
        words = quoted[1].rstrip(".…") if quoted else ""
        if len(words) < 8:
            return None
        for at, note, text in self._talk:
            if words.lower() in text.lower() and words not in text:
                return None
            if words in text and note.addressees and note.speakers and note.voice != "voice_over":
                return at, note.speakers[0], note.addressees[0], words if words.endswith("?") else ""
        return None

    def tale(self, n: int) -> str:
        """Who tells alone in this shot, where the shots before and after make a long tale of it; else empty."""
        return self._tellers[n] if self._runs[n] > LONG_TALE else ""

    def _teller(self, n: int) -> str:
        return self._tellers[n] if 0 <= n < len(self._tellers) else ""

    def tie(self, n: int, seed: str, again: int, deed: str) -> str:
        """A clause that says what the nth shot opens, delays or settles; empty when nothing sure can be said.

        What the sentence of action that it follows (`deed`) already names is not told again.
        """
        table = purposes()["ties"]
        deed = deed.lower()
        for kind, slots in self._facts(n):
            whom = slots.get("x", slots.get("thing", "")) if kind not in _OFTEN else ""
            if not all(slots.values()) or (kind not in _OFTEN and self._counts[kind, whom] >= (1 if whom else 2)):
                continue
            if "thing" in slots and slots["thing"].rpartition(" ")[2] in deed:
                continue
            options = [o for o in table[kind] if _filled(o, slots) not in self.used]
            pattern = self.chooser.pick(f"tie {kind}", options, seed, slots, again)
            if pattern:
                self._counts[kind, whom] += 1
                return _filled(pattern, slots)
        return ""

    def _facts(self, n: int) -> Iterator[tuple[str, dict[str, str]]]:
        """What holds at the end of the shot, the most telling first."""
        shot = self.shots[n]
        at = [p.at for p in shot.pieces if p.kind != "mark"] or [shot.pieces[-1].at]
        yield from self._introductions(n, at)
        yield from self._of_question(shot, at)
        yield from self._open_question(shot, at[-1])
        yield from self._of_turn(at)
        yield from self._of_things(shot, at)
        yield from self._of_company(shot, at[-1])
        yield from self._of_tale(n)
        yield from self._of_wish(at[-1])

    def _introductions(self, n: int, at: list[int]) -> Iterator[tuple[str, dict[str, str]]]:
        on = self.shots[n].on
        for point in self._points:
            who: str = point.about or ""
            if point.kind == "introduction" and on == [who] and not any(who in s.present for s in self.shots[:n]):
                yield "meets", {"x": self.people.name(who)}
            if who.startswith("prop/") and point.kind == "introduction" and self._first_shown.get(who) in at:
                yield "first_thing", {"thing": self._things.get(who, "")}
            if who.startswith("prop/") and point.kind == "payoff" and self._last_shown.get(who) in at:
                yield "last_thing", {"thing": self._things.get(who, "")}

    def _of_question(self, shot: Coverage, at: list[int]) -> Iterator[tuple[str, dict[str, str]]]:
        if self._question is None:
            return
        asked_at, who, to, words = self._question
        slots = {"a": self.people.name(who), "b": self.people.name(to)}
        kind = "asking" if words else "telling"
        if words and len(words.split()) <= 9:
            slots["words"] = words
        ahead = asked_at - at[-1]
        if ahead > 0:
            yield f"before_{kind}_close" if ahead <= 3 else f"before_{kind}", slots
        elif at[-1] == asked_at and shot.pieces[-1].ends_speech:
            yield f"{kind}_now", slots
        elif words and asked_at < at[0] and "unanswered" in self.people.brief.scene.goal:
            yield "unanswered", slots
        elif not words and asked_at < at[0]:
            yield "told", slots

    def _open_question(self, shot: Coverage, end: int) -> Iterator[tuple[str, dict[str, str]]]:
        """A question that ends the shot is open, whatever the next one brings."""
        last = next((t for t in reversed(self._talk) if t[0] <= end), None)
        if last is None or last[0] != end or not shot.speech or not last[1].addressees:
            return
        if not shot.speech[-1].ends_speech or not last[2].rstrip("\"”'’").endswith("?"):
            return
        to = last[1].addressees[0]
        slots = {"a": self.people.name(last[1].speakers[0]), "b": self.people.name(to)}
        follows = next((t for t in self._talk if t[0] > end), None)
        yield ("asks" if follows and to in follows[1].speakers else "asks_in_vain"), slots

    def _of_turn(self, at: list[int]) -> Iterator[tuple[str, dict[str, str]]]:
        scene = self.people.scene
        spoken = next((t for t in self._talk if t[0] == scene.turn_at), None)
        if spoken is None or spoken[1].voice == "voice_over":
            return
        slots = {"a": self.people.name(spoken[1].speakers[0]), "words": key_line(spoken[2])}
        if at[-1] < scene.turn_at:
            yield "before_turn", {"a": slots["a"]}
        elif at[0] > scene.turn_at:
            yield "after_turn", slots

    def _of_things(self, shot: Coverage, at: list[int]) -> Iterator[tuple[str, dict[str, str]]]:
        """Things that come into a hand or leave it here, and things that are there and not spoken of."""
        for piece in shot.action:
            if piece.note is None:
                continue
            for kind, pairs in (("drops", piece.note.drops), ("takes", piece.note.takes)):
                for who, thing in pairs:
                    yield kind, {"a": self.people.name(who), "thing": self._things.get(thing, "")}
        for known, name in self._things.items():
            first = self._first_shown.get(known, -1)
            there = first in at or (known in self._steady and 0 <= first <= at[-1])
            if there and name.rpartition(" ")[2] not in self._spoken_words:
                yield ("thing_now" if first in at else "unspoken"), {"thing": name}

    def _of_company(self, shot: Coverage, end: int) -> Iterator[tuple[str, dict[str, str]]]:
        """Who is still missing, who has gone, who has not said a word."""
        # Silence says something only once others have spoken.
        talked = any(at <= end and note.voice != "voice_over" for at, note, _ in self._talk)
        for presence in self.people.brief.scene.presences:
            who = presence.character
            member = self.people.cast.get(who)
            if member is None or member.character.kind != "person" or presence.voice_only or presence.on_phone:
                continue
            slots = {"x": self.people.name(who)}
            enters = self._order.get(presence.enters or "", -1)
            leaves = self._order.get(presence.exits or "", len(self._order) + 1)
            if enters > end:
                yield "missing", slots
            elif leaves < shot.pieces[0].at and who not in shot.present:
                yield "gone", slots
            elif talked and presence.speeches and who in shot.present and self._first_said.get(who, -1) > end:
                yield "silent_so_far", slots

    def _of_tale(self, n: int) -> Iterator[tuple[str, dict[str, str]]]:
        who = self.tale(n)
        if not who or self.shots[n].turn:
            return
        over = all(p.voice == "voice_over" for p in self.shots[n].speech)
        to = next((p.addressee for p in self.shots[n].speech if p.addressee and p.addressee != who), None)
        slots = {"a": self.people.name(who)} | ({"b": self.people.name(to)} if to and not over else {})
        yield ("tale_goes_on" if self._teller(n + 1) == who else "tale_ends"), slots

    def _of_wish(self, end: int) -> Iterator[tuple[str, dict[str, str]]]:
        turn = self.people.scene.turn_at
        if self._wish and (turn < 0 or end < turn):
            yield "wish", {"a": self._wish[0], "want": self._wish[1]}


def _alone(shot: Coverage) -> str:
    """The one voice that is heard in a shot, or nothing."""
    voices = {s for p in shot.speech for s in p.speakers}
    return next(iter(voices)) if len(voices) == 1 else ""


def _filled(pattern: str, slots: dict[str, str]) -> str:
    for slot, value in slots.items():
        pattern = pattern.replace("{" + slot + "}", value)
    return pattern
