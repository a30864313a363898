"""`summary`: the film on one page of Markdown."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from shotwright.exports.phrases import count
from shotwright.model.ids import kind_of
from shotwright.model.shot import Wanted

if TYPE_CHECKING:
    from shotwright.exports.film import Film

CAST_SHOWN, PLACES_SHOWN, WANTED_SHOWN, CUES_SHOWN = 12, 8, 10, 6
"""A page holds so many of each; what is left out is counted."""


def write_summary(film: Film) -> str:
    """Scenes, pages, cast, places, set-ups, clips, minutes, flags, music and what is wanted, on one page."""
    shots = film.shots
    rate = film.settings.frame_rate
    clips = sum(shot.duration_frames for shot in shots) / rate
    cuts = sum(cut.src_out - cut.src_in for shot in shots for cut in shot.cuts) / rate
    flags = Counter(flag.severity for shot in shots for flag in shot.continuity.flags)
    status = Counter(shot.review.status for shot in shots)
    reviewed = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in sorted(status.items()))
    lengths = sum(5 <= shot.duration_seconds <= 7 for shot in shots)
    reasons = Counter(shot.duration_reason for shot in shots if shot.duration_reason)
    lines = [
        f"# {film.name}",
        "",
        "| | |",
        "|---|---|",
        f"| Scenes | {_scene_count(film)} |",
        f"| Length of the script | {_length(film)} |",
        f"| Set-ups | {len({shot.setup_id for shot in shots})} |",
        f"| Clips | {len(shots)}, {_minutes(clips)} to generate; {lengths} of them last 5 to 7 s |",
        f"| Cut film | {sum(len(shot.cuts) for shot in shots)} cuts, {_minutes(cuts)} |",
        f"| Flags | {count(flags['error'], 'error')}, {count(flags['warn'], 'warning')} |",
        f"| Review | {reviewed or 'nothing yet'} |",
        f"| Needs a person | {status['needs_human']} |",
    ]
    if reasons:
        exceptions = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in sorted(reasons.items()))
        lines.append(f"| Lengths with a reason | {exceptions} |")
    lines += _section("Cast, by size of part", _cast(film), CAST_SHOWN)
    lines += _section("Places", _places(film), PLACES_SHOWN)
    lines += _section("Wanted: needed and in no library", _wanted(film), WANTED_SHOWN)
    lines += _section("Music", _music(film), CUES_SHOWN)
    return "\n".join(lines) + "\n"


def _section(title: str, items: list[str], shown: int) -> list[str]:
    if not items:
        return ["", f"## {title}", "", "None."]
    rest = [f"- … and {len(items) - shown} more"] if len(items) > shown else []
    return ["", f"## {title} ({len(items)})", "", *(f"- {item}" for item in items[:shown]), *rest]


def _scene_count(film: Film) -> str:
    scenes = [scene for scene in film.screenplay.scenes if not scene.implied] if film.screenplay else []
    omitted = sum(scene.omitted for scene in scenes)
    if scenes:
        return f"{len(scenes)}, {omitted} of them omitted" if omitted else f"{len(scenes)}"
    return str(len(film.scenes) or len({shot.scene_id for shot in film.shots}))


def _length(film: Film) -> str:
    if film.screenplay and film.screenplay.eighths:
        eighths = sum(film.screenplay.eighths.values())
        pages = f", {film.screenplay.total_pages:.1f} pages printed" if film.screenplay.total_pages else ""
    elif film.scenes:
        eighths, pages = sum(scene.eighths for scene in film.scenes.values()), ""
    else:
        return "not known"
    whole, rest = divmod(eighths, 8)
    counted = f"{whole} pages" if not rest else f"{whole} {rest}/8 pages" if whole else f"{rest}/8 of a page"
    return f"{counted}, scene by scene{pages}"


def _cast(film: Film) -> list[str]:
    speeches: Counter[str] = Counter()
    scenes: dict[str, set[str]] = {}
    if film.scenes:
        for scene in film.scenes.values():
            for presence in scene.presences:
                scenes.setdefault(presence.character, set()).add(scene.scene_id)
            for note in scene.speeches:
                speeches.update(note.speakers)
    else:
        for shot in film.shots:
            for subject in shot.technical_layer.staging.subjects:
                if kind_of(subject.entity) == "character":
                    scenes.setdefault(subject.entity, set()).add(shot.scene_id)
        spoken = dict.fromkeys((line.unit, line.speaker) for shot in film.shots for line in shot.audio.dialogue)
        speeches.update(speaker for _, speaker in spoken)
    everyone = dict.fromkeys([*scenes, *speeches])
    by_part = sorted(everyone, key=lambda who: (-speeches[who], -len(scenes.get(who, ())), film.name_of(who)))
    return [
        f"{_text(film.name_of(who))}: {count(speeches[who], 'speech', 'speeches')}, "
        f"{count(len(scenes.get(who, ())), 'scene')}"
        for who in by_part
    ]


def _places(film: Film) -> list[str]:
    scenes: dict[str, set[str]] = {}
    for shot in film.shots:
        scene = film.scenes.get(shot.scene_id)
        place = scene.location if scene else shot.technical_layer.staging.plate.partition(" side ")[0]
        scenes.setdefault(place, set()).add(shot.scene_id)
    clips: Counter[str] = Counter(shot.scene_id for shot in film.shots)
    by_use = sorted(scenes, key=lambda p: (-sum(clips[s] for s in scenes[p]), film.name_of(p)))
    parents: dict[str, str | None] = {place.id: place.parent for place in film.story.locations} if film.story else {}
    named = []
    for place in by_use:
        parent = parents.get(place)
        name = f"{film.name_of(parent)}, {film.name_of(place)}" if parent else film.name_of(place)
        clip_count = count(sum(clips[s] for s in scenes[place]), "clip")
        named.append(f"{_text(name)}: {count(len(scenes[place]), 'scene')}, {clip_count}")
    return named


def _wanted(film: Film) -> list[str]:
    if film.wanted:
        unique = {asset.proposed_key: asset for asset in film.wanted}
        return [f"`{key}` ({asset.kind.replace('_', ' ')}): {_text(asset.name)}" for key, asset in unique.items()]
    bound = (b for shot in film.shots for b in shot.digital_assets.bindings.values())
    needed = Counter(b.wanted for b in bound if isinstance(b, Wanted))
    return [f"`{key}`: {count(n, 'clip')}" for key, n in sorted(needed.items(), key=lambda item: (-item[1], item[0]))]


def _music(film: Film) -> list[str]:
    cues: dict[str, str] = {}
    for shot in film.shots:
        cue = shot.audio.music_cue
        if cue.state in ("starts", "starts_and_ends"):
            number = cue.number or cue.cue_id
            cues.setdefault(number, f"{number} from {shot.label}: {_text(cue.description)}")
    return list(cues.values())


def _minutes(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60:02d} s"


def _text(words: str) -> str:
    """A script's words as Markdown text: on one line, with nothing that would be taken for markup."""
    return "".join(f"\\{c}" if c in "*_`<>|[]#" else c for c in " ".join(words.split()))
