"""Compose a long screenplay out of hand-written scenes, the same one every time for the same seed.

Run `python benchmarks/make_feature.py OUT.fountain [--pages 120] [--seed 1]`; standard library only. The scenes are in
`scenes/*.txt`: a heading line `=== name | kinds of place | times`, then Fountain with slots ({a}, {P}, {memory}),
choices [this|that] and cues written `@A`. Pages are counted as 55 lines with action wrapped at 61 columns, dialogue
at 35 and parentheticals at 26.
"""

from __future__ import annotations

import argparse
import random
import re
import textwrap
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SCENES = Path(__file__).parent / "scenes"
LINES_A_PAGE = 55
CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
SLOT = re.compile(r"\{(\w+)\}")
HOUSEHOLD = 8  # people in each of the film's four threads, who meet the others now and then
THREADS = 4


@dataclass(frozen=True)
class Template:
    """A scene with its slots still open."""

    name: str
    kinds: tuple[str, ...]
    times: tuple[str, ...]
    body: str


@dataclass
class Deck:
    """A pack of cards that is dealt out whole before any card comes again."""

    cards: list[Any]
    chance: random.Random
    pile: list[Any] = field(default_factory=list)

    def deal(self) -> Any:
        """Return the next card, shuffling a fresh pile when the last one is spent."""
        if not self.pile:
            self.pile = list(self.cards)
            self.chance.shuffle(self.pile)
        return self.pile.pop()


def read_templates(folder: Path = SCENES) -> list[Template]:
    """Return every scene template in the folder, in the order of the files."""
    found = []
    for path in sorted(folder.glob("*.txt")):
        for part in path.read_text(encoding="utf-8").split("=== ")[1:]:
            heading, body = part.split("\n", 1)
            name, kinds, times = (piece.strip() for piece in heading.split("|", 2))
            is_past = "(" in times
            found.append(
                Template(name, tuple(kinds.split()), (times,) if is_past else tuple(times.split()), body.strip())
            )
    return found


def count_lines(scene: str) -> int:
    """Return how many printed lines a scene takes, its blank lines among them."""
    total = 0
    for block in scene.split("\n\n"):
        lines = block.split("\n")
        is_speech = len(lines) > 1 and lines[0] == lines[0].upper()
        for line in lines:
            width = (26 if line.startswith("(") else 35) if is_speech else 61
            total += max(1, len(textwrap.wrap(line, width)))
        total += 1
    return total


class Writer:
    """Fills templates, and knows who has been introduced and what has been said."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.banks = tomllib.loads((SCENES / "banks.toml").read_text(encoding="utf-8"))
        people = [tuple(person) for person in self.banks["people"]]
        self.chance.shuffle(people)
        self.threads = [people[i * HOUSEHOLD : (i + 1) * HOUSEHOLD] for i in range(THREADS)]
        self.props = [self.banks["props"][i::THREADS] for i in range(THREADS)]
        self.decks = {
            name: Deck(self.banks[name], self.chance)
            for name in ("details", "outside", "towns", "months", "days", "numbers", "manner")
        }
        self.places = {kind: Deck(slugs, self.chance) for kind, slugs in self.banks["places"].items()}
        self.memories = {name: Deck(cards, self.chance) for name, cards in self.banks["memory"].items()}
        self.choices: dict[str, Deck] = {}
        self.introduced: set[str] = set()

    def pick_people(self, thread: int) -> list[tuple[str, str, str]]:
        """Return four different people of a thread, its two leads most often first."""
        household = self.threads[thread]
        first = household[0 if self.chance.random() < 0.55 else self.chance.randrange(HOUSEHOLD)]
        others = [person for person in household if person != first]
        self.chance.shuffle(others)
        if household[1] in others and self.chance.random() < 0.4:
            others.remove(household[1])
            others.insert(0, household[1])
        if self.chance.random() < 0.2:
            others[1] = self.threads[(thread + 1) % THREADS][self.chance.randrange(HOUSEHOLD)]
        return [first, *others[:3]]

    def choose(self, text: str) -> str:
        """Settle every choice, dealing each one's cards out before any of them comes again."""

        def settle(match: re.Match[str]) -> str:
            deck = self.choices.setdefault(match.group(1), Deck(match.group(1).split("|"), self.chance))
            return str(deck.deal())

        return CHOICE.sub(settle, text)

    def remember(self) -> str:
        """Return a long speech with its own slots still open."""
        speech = f"{self.memories['opening'].deal()}, {self.memories['middle'].deal()}"
        if self.chance.random() < 0.7:
            speech += f", {self.memories['middle'].deal()}"
        speech += f". {self.memories['turn'].deal()}"
        return f"{speech} {self.memories['turn'].deal()}" if self.chance.random() < 0.35 else speech

    def fill(self, template: Template, thread: int) -> tuple[str, str, list[str]]:
        """Return a heading, a scene and the introductions of those who are new in it."""
        cast = self.pick_people(thread)
        prop = self.chance.choice(self.props[thread])
        kinds = list(template.kinds)
        self.chance.shuffle(kinds)
        time = self.chance.choice(template.times)
        values = {"p": prop, "P": prop.split(" ", 1)[1], "PC": prop.split(" ", 1)[1].upper()}
        values["a_pos"] = "her" if cast[0][1] == "f" else "his"
        values["an_empty"] = self.chance.choice(["one empty", "a second empty", "one broken"])
        if "{slug2}" in template.body:
            values["slug2"] = f"{self.places[kinds[-1] if len(kinds) > 1 else 'street'].deal()} - {time}"
        for letter, person in zip("abcd", cast, strict=True):
            values[letter], values[letter.upper()] = person[0].split()[0], person[0].split()[0].upper()
        decks = {
            "detail": "details",
            "town": "towns",
            "month": "months",
            "day": "days",
            "n": "numbers",
            "manner": "manner",
        }

        place = self.places[kinds[0]].deal()
        if place.startswith("EXT"):
            decks["detail"] = "outside"

        def put(match: re.Match[str]) -> str:
            name = match.group(1)
            if name == "memory":
                return SLOT.sub(put, self.remember())
            return str(self.decks[decks[name]].deal()) if name in decks else values[name]

        body = SLOT.sub(put, self.choose(template.body))
        body = re.sub(r"^@(.+)$", lambda m: self.cue(m.group(1), values), body, flags=re.MULTILINE)
        body = re.sub(r"(^|[.!?] )([a-z])", lambda m: m.group(1) + m.group(2).upper(), body)
        present = " ".join(block.split("\n")[0] for block in body.split("\n\n")).upper()
        arrivals = [p for p in cast if p[0].split()[0].upper() in present.replace(".", " ").split() or p in cast[:2]]
        fresh = [p for p in arrivals if p[0] not in self.introduced and p[0].split()[0].upper() in body.upper()]
        self.introduced.update(p[0] for p in fresh)
        lines = [f"{p[0].upper()}, {p[2]}." for p in fresh]
        return f"{place} - {time}", body, lines

    @staticmethod
    def cue(name: str, values: dict[str, str]) -> str:
        """Return a character cue, its letters replaced by people."""
        return re.sub(r"\b[ABCD]\b(?!\.)", lambda m: values[m.group(0)], name)


def compose(pages: int, seed: int) -> str:
    """Return a screenplay of about `pages` pages in which no scene's text comes twice."""
    writer = Writer(seed)
    templates = Deck(read_templates(), writer.chance)
    seen: set[str] = set()
    scenes = ["FADE IN:"]
    used = 2
    while used < pages * LINES_A_PAGE - 2:
        template = templates.deal()
        heading, body, people = writer.fill(template, len(seen) % THREADS)
        if body in seen:
            continue
        seen.add(body)
        scene = "\n\n".join([heading, *([" ".join(people)] if people else []), body])
        scenes.append(scene)
        used += count_lines(scene)
    scenes.append("FADE OUT.")
    title = "Title: THE LONG WAY TO MARROWBY\nCredit: composed by make_feature.py\n"
    title += "Authors: the shotwright authors\nCopyright: CC0 1.0 Universal\n"
    return title + "\n" + "\n\n".join(scenes) + "\n"


def main() -> None:
    """Write the screenplay that the command line asks for."""
    parser = argparse.ArgumentParser(description="Compose a long screenplay for the benchmarks.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--pages", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.out.write_text(compose(options.pages, options.seed), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
