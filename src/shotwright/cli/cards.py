"""How a scene and a shot are shown to people: on a terminal the script beside its shots, in a pipe one under another.

A card shows slate, size, lens, move and seconds, who does what and how, the purpose, and light and sound where they
change. Coordinates, ratios and reasons come with `why`.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import click

from shotwright.craft.reading import read_sequence
from shotwright.model.vocabulary import SIZE_ABBREVIATION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import RenderableType

    from shotwright.craft.reading import ReadingItem
    from shotwright.model.ids import EntityId, UnitId
    from shotwright.model.screenplay import Unit
    from shotwright.model.shot import Shot
    from shotwright.model.story import SceneStory
    from shotwright.production.opened import Production

WIDE_ENOUGH = 96
"""Columns from which a scene's script stands beside its shots."""

SPOKEN = {"dialogue_2": "two-hander", "dialogue_group": "dialogue of several"}
"""Scene types whose name is not what people say."""

MOST_WANTED = 3

LABEL_STYLE = "cyan"
FLAG_STYLE = {"error": "bold red", "warn": "yellow"}
STATUS_STYLE = {"approved": "green", "rejected": "red", "needs_human": "bold red", "flagged": "yellow"}


class Row(NamedTuple):
    """One labelled line of a card."""

    label: str
    text: str
    style: str = ""


class Passage(NamedTuple):
    """A run of script text on a card: an action paragraph, or a cue with what is said."""

    cue: str
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.sentences)


class Card(NamedTuple):
    """A shot as it is shown: the script that it carries, its names, its frame in a line, and the rest."""

    script: tuple[Passage, ...]
    label: str
    slate: str
    status: str
    frame: str
    rows: tuple[Row, ...]


class ScenePage(NamedTuple):
    """A scene as it is shown."""

    heading: str
    facts: tuple[Row, ...]
    cards: tuple[Card, ...]


def lay_out(opened: Production, scene: str, shots: Sequence[Shot], *, why: bool = False) -> ScenePage:
    """What `show … scene` shows, before it is printed in one of the two forms."""
    told = next(s for s in opened.story.scenes if s.scene_id == scene)
    names = {c.id: c.name for c in opened.story.characters}
    manners = {c.entity: c.manner for c in opened.casting if c.manner}
    units = {u.id: u for u in told.units}
    cards = []
    printed: set[str] = set()
    before: Shot | None = None
    for shot in shots:
        script = tuple(_carried(shot, units, printed))
        rows = tuple(_rows(shot, script, manners, names, before, why=why))
        cards.append(Card(script, shot.label, shot.slate, shot.review.status, _frame(shot), rows))
        before = shot
    return ScenePage(
        f"{opened.scene_numbers[scene]}  {heading_of(told)}", tuple(_facts(told, shots, names, manners)), tuple(cards)
    )


def heading_of(told: SceneStory) -> str:
    """The scene's heading as written, evenly spaced."""
    return " ".join(told.slugline.raw.split()) or "(before the first heading)"


def kind_of(told: SceneStory) -> str:
    """The scene's type in the words of the set."""
    return SPOKEN.get(told.scene_type, told.scene_type.replace("_", " "))


def _facts(
    told: SceneStory, shots: Sequence[Shot], names: Mapping[EntityId, str], manners: Mapping[EntityId, str]
) -> Iterator[Row]:
    setups = len({s.setup_id for s in shots})
    seconds = sum(s.duration_seconds for s in shots)
    parts = [told.story_day, told.time_of_day.replace("_", " "), kind_of(told)]
    parts += [
        f"{told.eighths}/8 page",
        f"{_count(len(shots), 'shot')} from {_count(setups, 'set-up')}",
        f"{seconds:.0f} s",
    ]
    yield Row("", " · ".join(part for part in parts if part))
    yield Row("goal", told.goal)
    if told.turn:
        yield Row("turn", told.turn.what)
    label = "cast"
    for presence in told.presences:
        who = names.get(presence.character, _plain(presence.character))
        voice = " (voice)" if presence.voice_only else ""
        manner = manners.get(presence.character, "")
        yield Row(label, f"{who}{voice}" + (f": {manner}" if manner else ""))
        label = ""
    if not told.presences:
        yield Row("cast", "nobody")


def _carried(shot: Shot, units: Mapping[UnitId, Unit], printed: set[str]) -> Iterator[Passage]:
    """The script that a shot carries: whole action sentences once, and of each speech the words that fall here."""
    carried = [units[u] for u in shot.source.units if u in units and (units[u].kind == "speech" or u not in printed)]
    printed.update(unit.id for unit in carried)
    for (speech, _), run in groupby(carried, _paragraph):
        group = list(run)
        if not speech:
            yield Passage("", tuple(unit.text for unit in group))
            continue
        extension = f" ({group[0].extension})" if group[0].extension else ""
        if words := tuple(line.text for line in shot.audio.dialogue if line.unit == group[0].id):
            yield Passage(f"{group[0].cue}{extension}", words)


def _paragraph(unit: Unit) -> tuple[bool, str]:
    return (True, unit.id) if unit.kind == "speech" else (False, str(unit.paragraph))


def _frame(shot: Shot) -> str:
    camera = shot.technical_layer.camera
    cut = sum(c.src_out - c.src_in for c in shot.cuts)
    length = f"{shot.duration_seconds:.1f} s"
    if cut != shot.duration_frames:
        length += f", cut {cut / shot.duration_frames * shot.duration_seconds:.1f} s"
    move = camera.movement.type.replace("_", " ")
    if camera.movement.speed not in ("none", "moderate"):
        move = f"{camera.movement.speed.replace('_', ' ')} {move}"
    parts = [f"{SIZE_ABBREVIATION[camera.shot_size]} {camera.framing.replace('_', ' ')}"]
    if camera.angle != "eye_level":
        parts.append(camera.angle.replace("_", " "))
    parts += [f"{camera.lens.focal_mm} mm", move, length]
    if shot.function != "coverage":
        parts.append(shot.function.replace("_", " "))
    return " · ".join(parts)


def _rows(
    shot: Shot,
    script: Sequence[Passage],
    manners: Mapping[EntityId, str],
    names: Mapping[EntityId, str],
    before: Shot | None,
    *,
    why: bool,
) -> Iterator[Row]:
    yield from _acted(shot, script, manners, names)
    yield Row("why", shot.narrative_layer.shot_purpose, "italic")
    light = shot.technical_layer.lighting.description
    if why or before is None or _kind(light) != _kind(before.technical_layer.lighting.description):
        yield Row("light", light)
    bed = shot.audio.ambience if why or before is None or before.audio.ambience != shot.audio.ambience else ""
    effects = [f"{e.name} at {e.start_seconds:.1f} s" for e in shot.audio.sound_effects]
    if effects or bed:
        yield Row("sound", "; ".join([*effects, *([bed] if bed else [])]))
    music = shot.audio.music_cue
    if music.state != "none" and (why or music.state != "continues"):
        reason = f" ({music.why})" if music.why else ""
        yield Row("music", f"{music.number} {music.state.replace('_', ' ')}: {music.description}{reason}")
    wanted = [k.wanted for k in shot.digital_assets.bindings.values() if not isinstance(k, str)]
    known = {k.wanted for k in before.digital_assets.bindings.values() if not isinstance(k, str)} if before else set()
    if new := [key for key in wanted if why or key not in known]:
        shown = new if why else new[:MOST_WANTED]
        more = f" and {len(new) - len(shown)} more" if len(new) > len(shown) else ""
        yield Row("wanted", ", ".join(shown) + more)
    if why and shot.frames:
        yield Row("frames", _looked_at(shot))
    for flag in shot.continuity.flags:
        yield Row(flag.severity, f"{flag.message} ({flag.code})", FLAG_STYLE.get(flag.severity, ""))
    if shot.review.note:
        yield Row("note", shot.review.note)
    if why:
        yield from _reasons(shot)


def _looked_at(shot: Shot) -> str:
    """Which frames there are, and the scores with what they were measured on."""
    seen = shot.continuity
    parts = [", ".join(f.at if f.by == "boards" else f"{f.at} (by a {f.by})" for f in shot.frames)]
    scores = [f"{who.partition('/')[2].replace('_', ' ')} {score:.2f}" for who, score in seen.consistency.items()]
    if scores or seen.quality is not None:
        quality = [f"quality {seen.quality:.2f}"] if seen.quality is not None else []
        parts.append(f"{', '.join(scores + quality)} ({seen.measured_on})")
    return "; ".join([*parts, *([seen.note] if seen.note else [])])


def _kind(light: str) -> str:
    """What the light is, without where it falls from in this frame."""
    return light.partition(",")[0]


def _acted(
    shot: Shot, script: Sequence[Passage], manners: Mapping[EntityId, str], names: Mapping[EntityId, str]
) -> Iterator[Row]:
    """What the script beside it does not say already: the Director's own words, deliveries and performances."""
    action = shot.narrative_layer.action_description
    for passage in script:
        if not passage.cue:
            for sentence in passage.sentences:
                action = action.replace(sentence, " ", 1)
    if action := " ".join(action.split()).lstrip(".,;: "):
        yield Row("action", action)
    for line in shot.audio.dialogue:
        voice = "off camera" if line.voice == "room" else line.voice.replace("_", " ")
        how = [*([] if line.on_screen else [voice]), *([line.delivery] if line.delivery else [])]
        who = names.get(line.speaker, _plain(line.speaker)) + (f" ({', '.join(how)})" if how else "")
        if how or not script:
            yield Row("voice" if script else "says", who if script else f"{who}: “{line.text}”")
    played = shot.narrative_layer.character_performance
    if script:
        for manner in manners.values():
            played = re.sub(rf"[;,.]? *{re.escape(manner.rstrip('. '))}(?=[.;]|$)", "", played, flags=re.IGNORECASE)
    if any(s.entity.startswith(("character/", "animal/")) for s in shot.technical_layer.staging.subjects):
        yield Row("plays", played)


def _reasons(shot: Shot) -> Iterator[Row]:
    camera, light = shot.technical_layer.camera, shot.technical_layer.lighting
    if found := [k for k in shot.digital_assets.bindings.values() if isinstance(k, str)]:
        yield Row("assets", ", ".join(found))
    glass = f"T{camera.aperture_t:g}, {camera.depth_of_field} focus, {camera.white_balance_k} K"
    yield Row("camera", f"at {_point(camera.position_m)} m looking at {_point(camera.look_at_m)}, {glass}")
    yield Row("key", f"{light.key_style.replace('_', ' ')}, {light.contrast_ratio:g}:1, from {light.azimuth_deg:g}° "
                     f"at {light.elevation_deg:g}°, {light.color_temperature_k} K")  # fmt: skip
    for subject in shot.technical_layer.staging.subjects:
        gaze = f", looks {subject.gaze.screen_direction} at {_plain(subject.gaze.target)}" if subject.gaze else ""
        held = [h for h in (subject.hands.left, subject.hands.right) if h]
        hands = f", holds {' and '.join(dict.fromkeys(_plain(h) for h in held))}" if held else ""
        yield Row("stage", f"{_plain(subject.entity)}: {subject.screen_position}, {subject.pose_end}{gaze}{hands}")
    for layer, record in shot.provenance.items():
        pinned = ", pinned" if record.pinned else ""
        yield Row("because", f"{layer}: {record.because} [{record.by.replace('_', ' ')}, {record.mind}{pinned}]")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")


def _plain(entity: str) -> str:
    """`character/emlyn_pryce` -> `emlyn pryce`: for things without a name of their own."""
    return entity.rpartition("/")[2].replace("_", " ")


def _point(at: Sequence[float]) -> str:
    return "(" + ", ".join(f"{value:g}" for value in at) + ")"


def print_scene(opened: Production, scene: str, shots: Sequence[Shot], *, why: bool) -> None:
    """The scene's script with the shots that carry it."""
    from shotwright.cli.terminal import console

    page = lay_out(opened, scene, shots, why=why)
    screen = console()
    if screen.is_terminal:
        screen.print(render_scene(page, screen.width))
        return
    click.echo(page.heading)
    for row in page.facts:
        click.echo(f"{row.label + ':':<6}{row.text}" if row.label else row.text)
    for card in page.cards:
        click.echo("")
        for passage in card.script:
            click.echo(f"    {passage.cue}: {passage.text}" if passage.cue else f"    {passage.text}")
        _echo_card(card)


def _echo_card(card: Card) -> None:
    state = "" if card.status == "proposed" else f"  [{card.status.replace('_', ' ')}]"
    click.echo(f"{card.label}  {card.slate:<4} {card.frame}{state}")
    for row in card.rows:
        click.echo(f"  {row.label + ':':<8} {row.text}")


def render_scene(page: ScenePage, width: int) -> RenderableType:
    """The page for a terminal: two columns where there is room, else the script above each shot."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.rule import Rule
    from rich.table import Table
    from rich.text import Text

    beside = width >= WIDE_ENOUGH
    parts: list[RenderableType] = [Text(page.heading, style="bold reverse"), _grid(page.facts), Text("")]
    table = Table.grid(padding=(0, 3, 0, 0), expand=True)
    table.add_column(ratio=4)
    if beside:
        table.add_column(ratio=7)
    for card in page.cards:
        text = Group(*_script(card.script))
        if beside:
            table.add_row(text, _card(card))
            table.add_row("", "")
        else:
            parts += [Padding(text, (0, 0, 0, 4)), _card(card), Rule(style="cyan")]
    return Group(*parts, table) if beside else Group(*parts)


def _script(script: Sequence[Passage]) -> Iterator[RenderableType]:
    """As a screenplay lays it out: action from the margin, the cue and the words under it drawn in."""
    from rich.padding import Padding
    from rich.text import Text

    for passage in script:
        if passage.cue:
            yield Padding(Text(passage.cue, style="bold"), (0, 0, 0, 10))
            yield Padding(Text(passage.text), (0, 4, 0, 4))
        else:
            yield Text(passage.text)


def _card(card: Card) -> RenderableType:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    frame = Text(card.frame, style="bold")
    if card.status != "proposed":
        frame.append(f"  {card.status.replace('_', ' ')}", style=STATUS_STYLE.get(card.status, "bold"))
    top = Table.grid(padding=(0, 1, 0, 0))
    top.add_column(min_width=4, no_wrap=True)
    top.add_column(no_wrap=True)
    top.add_column(overflow="fold")
    top.add_row(Text(card.slate, style="bold yellow"), Text(card.label, style="yellow"), frame)
    return Group(top, _grid(card.rows, indent=5))


def _grid(rows: Sequence[Row], indent: int = 0) -> RenderableType:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(min_width=6, no_wrap=True)
    table.add_column(overflow="fold")
    lines: list[RenderableType] = []
    for row in rows:
        if row.label or lines or indent or table.row_count:
            table.add_row(
                Text(row.label, style=row.style if row.label in FLAG_STYLE else LABEL_STYLE),
                Text(row.text, style=row.style),
            )
        else:
            lines.append(Text(row.text))
    if not lines:
        return Padding(table, (0, 0, 0, indent))
    from rich.console import Group

    return Group(*lines, table)


def print_shot(shot: Shot, *, why: bool = False) -> None:
    """One shot's card by itself, with its words."""
    from shotwright.cli.terminal import console

    rows = tuple(_rows(shot, (), {}, {}, None, why=why))
    card = Card((), shot.label, shot.slate, shot.review.status, _frame(shot), rows)
    screen = console()
    if screen.is_terminal:
        screen.print(_card(card))
    else:
        _echo_card(card)


def read_scene(opened: Production, scene: str, shots: Sequence[Shot]) -> tuple[ReadingItem, ...]:
    """What a careful reader ticks off, ticked by a program, with the film's own settings."""
    told = next(s for s in opened.story.scenes if s.scene_id == scene)
    film = opened.configured.settings.film
    return read_sequence(shots, told.units, frame_rate=film.frame_rate, words_per_second=film.words_per_second)


def print_reading(items: Sequence[ReadingItem], *, everything: bool) -> None:
    """The items that do not hold, and how many do; all of them when asked."""
    good = sum(item.passed for item in items)
    click.echo(f"\nRead as a first assistant editor would: {good} of {len(items)} points hold.")
    for item in items:
        if everything or not item.passed:
            detail = f": {item.detail}" if item.detail else ""
            click.secho(f"{'ok  ' if item.passed else 'LOOK'} {item.number:>2} {item.title}{detail}",
                        fg=None if item.passed else "yellow")  # fmt: skip
