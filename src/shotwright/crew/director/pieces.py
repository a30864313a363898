"""The scene as the Director weighs it: every action sentence and every phrase of speech, timed, in script order.

A piece is what no clip boundary divides. Each carries how long it takes, how far it may be squeezed, and how welcome a
cut before it is; forced and forbidden boundaries are marked. The solver only ever sees pieces.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shotwright.craft.directions import shown_text, title_text, transition_of, written_directions
from shotwright.craft.phrasing import phrases
from shotwright.craft.timing import action_seconds, plain, reading_seconds, speech_rate, table
from shotwright.crew.director.intercut import far_side, heard_by
from shotwright.model.ids import EntityId, UnitId, entity_id

if TYPE_CHECKING:
    from shotwright.model.crew import FilmSettings, WrittenDirection
    from shotwright.model.screenplay import Unit
    from shotwright.model.story import ActionNote, Beat, SceneBrief, Segment, SpeechNote
    from shotwright.model.vocabulary import Transition

# Direction that asks for a frame of its own; the rest (pan, hold, slow motion) goes on in the frame that is there.
OWN_FRAME = frozenset({
    "close_on", "angle_on", "insert", "pov", "wide", "two_shot", "reverse", "back_to", "tracking", "rush_in", "push_in",
    "crane", "overhead", "low_angle", "high_angle", "zoom",
})  # fmt: skip
ELEMENT_SEGMENTS = frozenset({"montage", "series_of_shots"})
SHORT_TURN_WORDS = 5
NOWHERE = EntityId("")


@dataclass(slots=True)
class Piece:
    """One sentence of action, one phrase of speech, or a written direction (`mark`), which takes no time."""

    at: int
    """Index of its unit in the scene."""
    unit: UnitId
    kind: str
    text: str
    paragraph: int
    seconds: float = 0.0
    floor: float = 0.0
    hold: float = 0.0
    words: float = 0.0
    rate: float = 2.4
    cost: float = 0.0
    must: bool = False
    glue: bool = False
    side: int = 0
    """Pieces of different sides never share a clip: intercut places, montage elements, segments."""
    butt: bool = False
    """Its line breaks in on the one before: no air between them."""
    speakers: tuple[EntityId, ...] = ()
    addressee: EntityId | None = None
    voice: str = "room"
    extension: str = ""
    delivery: str = ""
    dual: bool = False
    dual_second: bool = False
    actors: tuple[EntityId, ...] = ()
    faces: int = 0
    """Who is seen in it, one bit a person: those who act, and those who talk in the room."""
    note: ActionNote | None = None
    written: tuple[WrittenDirection, ...] = ()
    transition: Transition | None = None
    reads: str = ""
    title: bool = False
    starts_speech: bool = True
    ends_speech: bool = True
    place: EntityId = NOWHERE
    segment: str = "normal"


@dataclass(slots=True)
class SceneMap:
    """What is looked up of a scene over and over, by unit."""

    order: dict[str, int]
    speeches: dict[str, SpeechNote]
    actions: dict[str, ActionNote]
    beats: list[Beat | None]
    """By unit index."""
    segments: list[Segment | None]
    names: dict[str, str]
    """Upper-case names and aliases -> story id."""
    beat_starts: frozenset[int] = field(default_factory=frozenset)
    turn_at: int = -1
    far: frozenset[str] = frozenset()
    """Who is on the other side of an intercut."""


def map_scene(brief: SceneBrief) -> SceneMap:
    """The scene's findings by unit."""
    scene = brief.scene
    order: dict[str, int] = {u.id: i for i, u in enumerate(scene.units)}
    beats: list[Beat | None] = [None] * len(scene.units)
    starts: list[int] = []
    for beat in scene.beats:
        first, last = order.get(beat.first_unit, 0), order.get(beat.last_unit, len(beats) - 1)
        starts.append(first)
        for i in range(first, last + 1):
            beats[i] = beat
    segments: list[Segment | None] = [None] * len(scene.units)
    for segment in scene.segments:
        if segment.kind == "normal":
            continue
        first, last = order.get(segment.first_unit, 0), order.get(segment.last_unit, len(segments) - 1)
        for i in range(first, last + 1):
            segments[i] = segment
    names: dict[str, str] = {}
    for member in brief.cast:
        c = member.character
        for name in (c.name, *c.cues, *c.aliases):
            names.setdefault(name.upper(), c.id)
    for thing in brief.things:
        names.setdefault(thing.name.upper(), thing.id)
    return SceneMap(
        order=order,
        speeches={n.unit: n for n in scene.speeches},
        actions={n.unit: n for n in scene.actions},
        beats=beats,
        segments=segments,
        names=names,
        beat_starts=frozenset(starts),
        turn_at=order.get(scene.turn.unit, -1) if scene.turn else -1,
        far=far_side(brief, segments, {n.unit: n for n in scene.speeches}),
    )


def cut_into_pieces(brief: SceneBrief, settings: FilmSettings, scene: SceneMap) -> list[Piece]:
    """All pieces of the scene in script order. Units without content (an empty cue) still give one piece."""
    pieces: list[Piece] = []
    for i, unit in enumerate(brief.scene.units):
        if unit.kind == "speech":
            pieces.extend(_speech(unit, i, settings, scene))
        elif unit.kind == "action":
            pieces.append(_action(unit, i, scene))
        else:
            pieces.append(_mark(unit, i, scene))
    _place(pieces, brief, scene)
    _see(pieces, brief)
    _weigh(pieces, scene)
    return pieces


def _see(pieces: list[Piece], brief: SceneBrief) -> None:
    """Give everyone who is seen a bit, and each piece the bits of those whom it shows."""
    bits: dict[str, int] = {p.character: 0 for p in brief.scene.presences if p.voice_only}
    for piece in pieces:
        for who in piece.speakers if piece.voice == "room" else piece.actors:
            piece.faces |= bits.setdefault(who, 1 << len(bits))


def _speech(unit: Unit, at: int, settings: FilmSettings, scene: SceneMap) -> list[Piece]:
    note = scene.speeches.get(unit.id)
    speakers = note.speakers if note and note.speakers else (entity_id("character", unit.cue or "voice"),)
    addressee = note.addressees[0] if note and note.addressees else None
    parts = [(p.kind, p.text) for p in unit.parts] or [("words", unit.text)]
    first_note = next((p.text for p in unit.parts if p.kind == "parenthetical"), "")
    rate = speech_rate(first_note, plain(unit.text), settings.words_per_second)
    # What is said in a hurry may be said slower by another reader of the same numbers: fit by the slower of the two.
    fit = min(rate, settings.words_per_second)
    most = (settings.clip_max_seconds - table().gap) * fit - 0.05
    found: list[Piece] = []
    cut = phrases(parts, most)
    for n, phrase in enumerate(cut):
        found.append(
            Piece(
                at, unit.id, "speech", phrase.text, unit.paragraph,
                words=phrase.words, rate=fit, cost=phrase.cost, speakers=speakers, addressee=addressee,
                voice=note.voice if note else "room", extension=unit.extension, delivery=phrase.pause, dual=unit.dual,
                starts_speech=n == 0, ends_speech=n == len(cut) - 1,
            )
        )  # fmt: skip
        found[-1].seconds = found[-1].floor = phrase.words / fit
    if not found:
        found = [Piece(at, unit.id, "mark", "", unit.paragraph, speakers=speakers)]
    return found


def _action(unit: Unit, at: int, scene: SceneMap) -> Piece:
    text = plain(unit.text)
    seconds, floor, hold = action_seconds(text)
    note = scene.actions.get(unit.id)
    title = title_text(text)
    reads = title or shown_text(text)
    if reads:
        # A few words lit on a screen are read while it does what it does; a title card is all there is to see.
        need = min(6.0, reading_seconds(reads))
        seconds, floor = (need, need) if title else (max(seconds, need), max(floor, need))
    if note and note.held and not hold:
        hold = table().action["hold"]
        seconds, floor = max(seconds, hold), max(floor, 1.0)
    return Piece(
        at, unit.id, "action", text, unit.paragraph,
        seconds=seconds, floor=floor, hold=hold, note=note, actors=note.actors if note else (),
        written=written_directions(text, unit.id, scene.names), reads=reads, title=bool(title),
    )  # fmt: skip


def _mark(unit: Unit, at: int, scene: SceneMap) -> Piece:
    text = plain(unit.text)
    directions = written_directions(text, unit.id, scene.names)
    transition = None if directions else transition_of(text)
    return Piece(at, unit.id, "mark", text, unit.paragraph, written=directions, transition=transition)


def _place(pieces: list[Piece], brief: SceneBrief, scene: SceneMap) -> None:
    """Say for each piece where it plays, and number the sides that never share a clip."""
    side, last_key = 0, None
    over = heard_by(brief)
    was_far = False
    for n, piece in enumerate(pieces):
        segment = scene.segments[piece.at]
        piece.place = brief.scene.location
        key: tuple[object, ...] = ()
        if segment is not None:
            piece.segment = segment.kind
            piece.place = segment.location or brief.scene.location
            key = (segment.kind, segment.first_unit)
            if segment.kind in ELEMENT_SEGMENTS:
                heard_over = piece.kind == "speech" and piece.voice == "voice_over"
                key += (last_key[2] if heard_over and last_key and last_key[:2] == key else piece.paragraph,)
            elif segment.kind == "intercut" and segment.other_location and scene.far:
                who = (piece.speakers if piece.kind == "speech" else piece.actors)[:1]
                heard = piece.kind == "speech" and n > 0 and _turn_words(pieces, piece) <= SHORT_TURN_WORDS
                if who and not heard:
                    was_far = who[0] in scene.far
                if was_far:
                    piece.place = segment.other_location
                if piece.kind == "speech" and who and (who[0] in scene.far) != was_far:
                    piece.voice = over
                key += (was_far,)
        if last_key is not None and key != last_key:
            side += 1
        piece.side = side
        last_key = key


def _turn_words(pieces: list[Piece], piece: Piece) -> float:
    if piece.starts_speech and piece.ends_speech:
        return piece.words
    return sum(p.words for p in pieces if p.unit == piece.unit)


def _weigh(pieces: list[Piece], scene: SceneMap) -> None:
    """Set the cost of a cut before each piece, and the boundaries that must be or must not be."""
    count = len(pieces)
    content = [n for n, p in enumerate(pieces) if p.kind != "mark"]
    if not content:
        for piece in pieces[1:]:
            piece.glue = True
        return
    for n in range(content[-1] + 1, count):
        # A direction that ends the scene (`CUT TO:`) has nothing after it to begin: it closes the last shot.
        pieces[n].side, pieces[n].place, pieces[n].segment = (
            pieces[content[-1]].side, pieces[content[-1]].place, pieces[content[-1]].segment
        )  # fmt: skip
        pieces[n].glue = True
    before: Piece | None = None
    marks: list[Piece] = []
    spoken: dict[int, float] = {}
    for piece in pieces:
        spoken[piece.at] = spoken.get(piece.at, 0.0) + (piece.seconds if piece.kind == "speech" else 0.0)
    # A speech that one clip holds with room to spare is not cut without need.
    whole = {at: 1.2 if seconds <= 4.6 else 0.5 for at, seconds in spoken.items() if seconds <= 6.6}
    alone = Counter(p.paragraph for p in pieces)
    headed = False
    for piece in pieces[: content[-1] + 1]:
        if piece.kind == "mark":
            marks.append(piece)
            continue
        heads = piece.kind == "action" and alone[piece.paragraph] == 1 and _heads(piece.text)
        own = any(d.kind in OWN_FRAME for m in (*marks, piece) for d in m.written) or any(
            m.transition or (m.text and not m.written) for m in marks
        )
        head = marks[0] if marks else piece
        for mark in marks:
            mark.side, mark.place, mark.segment = piece.side, piece.place, piece.segment
        for follower in [*marks, piece][1:]:
            follower.glue = True
        if before is not None:
            head.must = own or heads or piece.side != before.side
            # What a heading in the text names is seen in what follows it.
            head.glue = headed and piece.kind == "action" and not head.must
            head.cost += _join(before, piece, marks, scene, whole)
        before, marks, headed = piece, [], heads
    _open_after_turn(pieces, scene)


def _heads(text: str) -> bool:
    """Words in capitals that stand alone and end without a stop name a new place or a new picture."""
    return text == text.upper() and text != text.lower() and " " in text and text[-1].isalnum()


def _open_after_turn(pieces: list[Piece], scene: SceneMap) -> None:
    """Stillness that follows the turning line is a shot of its own: the line must be let ring."""
    for n in range(1, len(pieces)):
        piece = pieces[n]
        if piece.kind == "action" and pieces[n - 1].at == scene.turn_at and any(p.hold for p in pieces[n : n + 3]):
            piece.cost -= 1.8


def _join(before: Piece, piece: Piece, marks: list[Piece], scene: SceneMap, whole: dict[int, float]) -> float:
    """The cost of a cut between two pieces that have content, whatever directions stand between them."""
    if piece.at == before.at:
        return 0.3 + whole.get(piece.at, 0.0)
    cost = _between(before, piece)
    if any(m.at in scene.beat_starts for m in (*marks, piece)):
        cost -= 0.5
    if piece.at == scene.turn_at:
        cost -= 0.3
    if before.at == scene.turn_at and piece.kind == "action":
        # After the peak the scene opens: what follows is its own shot.
        cost -= 0.4
    if bool(piece.reads) != bool(before.reads) and not piece.hold:
        # What must be read is looked at, and then somebody reacts.
        cost -= 0.5
    if piece.kind == "speech" and before.kind == "speech" and piece.dual and before.dual:
        piece.dual_second = (
            piece.at == before.at + 1 and piece.starts_speech and before.starts_speech and before.ends_speech
        )
        if piece.dual_second and piece.ends_speech:
            return 20.0
    return cost


def _between(before: Piece, piece: Piece) -> float:
    """The cost of a cut between two units."""
    if piece.kind == "speech" and before.kind == "speech":
        if before.text.endswith(("--", "—", "–", "-")):
            piece.butt = True
            return 1.6
        if piece.speakers == before.speakers:
            return 0.15
        if piece.words <= 4 and piece.ends_speech:
            # A quick answer belongs to what it answers.
            return 0.75
        return 0.2
    if piece.kind == "action" and before.kind == "action":
        if piece.paragraph != before.paragraph:
            return -0.35 if any(d.kind in OWN_FRAME for d in before.written) else 0.0
        return 0.5 if not piece.hold else 1.0
    if piece.kind == "speech":
        # Who acts and then speaks does both in one shot; somebody else's line may start the next.
        if before.text.endswith(("...", "…", "--", "—", ":")):
            # `Embarrassed to admit it…` runs on into what is then said.
            return 1.4
        return 0.45 if before.actors[-1:] == piece.speakers[:1] else 0.2
    if piece.hold:
        return 0.6
    return 0.1
