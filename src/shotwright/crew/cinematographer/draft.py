"""The Cinematographer's rules: from a scene's brief and the Director's shots to camera, light and staging of each.

First the floor is laid and everyone's movements are followed through the scene; then every shot's possible set-ups are
priced and the cheapest way through all of them is taken; only then are cameras placed and frames read off the floor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from shotwright.craft.beats import beat_looks
from shotwright.craft.chooser import Candidate, choose
from shotwright.craft.geometry import distance_between
from shotwright.craft.optics import aperture, height_name, lens_class, white_balance
from shotwright.crew.cinematographer.advice import Advice, advised_move
from shotwright.crew.cinematographer.attention import words_of
from shotwright.crew.cinematographer.cameras import place_camera
from shotwright.crew.cinematographer.candidates import all_candidates, arcs
from shotwright.crew.cinematographer.frames import Frame, faults, frame_scene, setup_name, still_there
from shotwright.crew.cinematographer.hearing import what_became
from shotwright.crew.cinematographer.held import apply_pins, keep_previous, pinned_options
from shotwright.crew.cinematographer.lighting import Gaffer, dominant_beat
from shotwright.crew.cinematographer.moments import moments
from shotwright.crew.cinematographer.moves import Move, Operator
from shotwright.crew.cinematographer.options import Glass
from shotwright.crew.cinematographer.reasons import Choice, why_camera
from shotwright.crew.cinematographer.requests import PERSON, reframe, relight, remove, standing_frame, wishes
from shotwright.crew.cinematographer.sizing import facing, framing
from shotwright.crew.cinematographer.staging import stage_shot
from shotwright.crew.cinematographer.wording import composition, first_and_last, name_of, names_of
from shotwright.model.crew import PhotographedScene, ShotCamera
from shotwright.model.shot import Camera, Focus, Lens, Lighting, Movement, Provenance, Staging, TechnicalLayer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.craft.optics import LensHabit
    from shotwright.crew.cinematographer.figures import Moment
    from shotwright.crew.cinematographer.options import Arc
    from shotwright.model.crew import DirectedScene, FilmSettings, Pin, Revision
    from shotwright.model.story import CastMember, SceneBrief
    from shotwright.model.vision_suggestion import ShotSuggestions
    from shotwright.model.vocabulary import Roll

SUDDEN = frozenset({"shock"})
BY = "cinematographer"
ATTEMPTS = 4
"""So many ways through a scene are tried until every cut of it holds."""
RACK_M = 0.5
"""The focus is pulled only between planes that are this far apart."""
LIGHTING = "technical_layer.lighting"
CAMERA_FIELDS = ("technical_layer.camera", "technical_layer.staging.line")
"""Fields that another frame of the same shot may mend."""


def photograph_scene(
    brief: SceneBrief,
    directed: DirectedScene,
    settings: FilmSettings,
    pins: tuple[Pin, ...] = (),
    revisions: tuple[Revision, ...] = (),
    previous: PhotographedScene | None = None,
    advice: Sequence[ShotSuggestions] = (),
) -> PhotographedScene:
    """Photograph a scene: one `ShotCamera` for each of the Director's shots, in order.

    Pins are kept verbatim and the rest is chosen around them. With `revisions` and the `previous` answer, only the
    fields that the revisions name are taken from the new choice; all else stays as it was. `advice` is what the vision
    service suggests: soft costs in the choice, which can break no rule; the camera's provenance says what became of it.
    """
    if not directed.shots:
        return PhotographedScene(scene_id=directed.scene_id, shots=())
    asked = [r for r in revisions if r.code == PERSON and r.agent == BY]
    scene = Photography(brief, directed, settings, pins, [r for r in revisions if r not in asked], previous, advice)
    shots = scene.photograph()
    if revisions and previous is not None:
        shots = keep_previous(shots, previous, scene.revisions)
    if asked:
        shots = scene.answer_people(shots, asked)
    shots = apply_pins(shots, pins)
    return PhotographedScene.model_construct(scene_id=directed.scene_id, shots=tuple(shots), notes=tuple(scene.notes))


class Photography:
    """One scene at work: its floor, its options, and what is decided about them."""

    def __init__(
        self,
        brief: SceneBrief,
        directed: DirectedScene,
        settings: FilmSettings,
        pins: Sequence[Pin],
        revisions: Sequence[Revision],
        previous: PhotographedScene | None,
        advice: Sequence[ShotSuggestions],
    ) -> None:
        self.advice = Advice.of(advice) if advice else None
        self.brief = brief
        self.directed = directed
        self.settings = settings
        self.pins = pins
        self.revisions = revisions
        self.notes: list[str] = []
        self.pulled = False
        self.found: list[Moment] = []
        self.arcs: list[Arc] = []
        self.options: list[list[Candidate]] = []
        self.habit: LensHabit = "standard"
        self.previous = previous
        self.names = names_of(brief)
        self.cast: dict[str, CastMember] = {str(m.character.id): m for m in brief.cast}
        self.inside = brief.scene.slugline.int_ext in ("INT", "INT/EXT", "")

    def survey(self) -> None:
        """Follow everyone through the scene and price every set-up that each shot could have."""
        found = moments(self.brief, self.directed)
        where = arcs(found)
        habit = beat_looks()[dominant_beat(found)].lens
        if self.brief.scene.scene_type == "action_chase":
            habit = "wide"
        options = all_candidates(found, where, self.brief, Glass(habit, self.settings.aspect))
        for i, moment in enumerate(found):
            options[i] = pinned_options(moment.shot.shot_id, options[i], self.pins)
        self.found, self.arcs, self.options, self.habit = found, where, options, habit

    def photograph(self) -> list[ShotCamera]:
        self.survey()
        found, where, options, habit = self.found, self.arcs, self.options, self.habit
        if self.revisions and self.previous is not None:
            self._hold_others(found, options, habit)
        heads, at_head = self.takes()
        sudden = [self.sudden(found[i]) for i in heads]
        way, frames = self._best_way(found, [options[i] for i in heads], heads, at_head, sudden, habit)
        return self._expose(Choice(self.brief, found, where, way, options, frames, self.names))

    def _best_way(
        self, found: Sequence[Moment], options: list[list[Candidate]], heads: list[int], at_head: list[int],
        sudden: list[bool], habit: LensHabit,
    ) -> tuple[list[Candidate], list[Frame]]:  # fmt: skip
        """The cheapest way whose frames cut together: what they show to be a bad cut is made dear and rechosen."""
        if self.advice is None:
            return self._search(found, options, at_head, sudden, habit)[1:]
        before = [[c.cost for c in row] for row in options]
        self.advice.weigh([found[i] for i in heads], options)
        wrong, way, frames = self._search(found, options, at_head, sudden, habit)
        if wrong:
            for row, costs in zip(options, before, strict=True):
                for candidate, cost in zip(row, costs, strict=True):
                    candidate.cost = cost
            plain = self._search(found, options, at_head, sudden, habit)
            if plain[0] < wrong:
                self.advice.overruled = True
                _, way, frames = plain
        return way, frames

    def _search(
        self, found: Sequence[Moment], options: list[list[Candidate]], at_head: list[int], sudden: list[bool],
        habit: LensHabit,
    ) -> tuple[int, list[Candidate], list[Frame]]:  # fmt: skip
        """(how many cuts do not hold, the way, its frames) of the best way among a few."""
        best: tuple[int, list[Candidate], list[Frame]] | None = None
        for _ in range(ATTEMPTS):
            chosen, _price = choose(options, sudden)
            way = [chosen[at] for at in at_head]
            frames = frame_scene(
                self.directed.scene_id, found, way, habit, self.settings.aspect, self.inside, self.cast, self.names
            )
            wrong = faults(found, way, frames)
            if best is None or len(wrong) < best[0]:
                best = (len(wrong), way, frames)
            if not wrong:
                break
            for i in wrong:
                for at in (i, i - 1):
                    if len(options[at_head[at]]) > 1:
                        way[at].cost += 2.5
                        if not way[at].turn:
                            break
        assert best is not None
        return best

    def _hold_others(self, found: Sequence[Moment], options: list[list[Candidate]], habit: LensHabit) -> None:
        """Bind every shot to the frame that it had; one whose camera must be mended is barred from that frame."""
        assert self.previous is not None
        kept = {shot.shot_id: shot.technical.camera for shot in self.previous.shots}
        asked = {
            r.shot_id
            for r in self.revisions
            if r.agent == "cinematographer"
            and r.field.startswith(("technical_layer.camera", "technical_layer.staging.line"))
        }
        for i, moment in enumerate(found):
            camera = kept.get(moment.shot.shot_id)
            if camera is None:
                continue
            same = []
            for option in options[i]:
                setup = place_camera(option, moment, habit, self.settings.aspect, self.inside)
                if setup.position == camera.position_m and setup.size == camera.shot_size:
                    same.append(option)
            if moment.shot.shot_id in asked:
                options[i] = [o for o in options[i] if o not in same] or options[i]
            else:
                options[i] = same or options[i]

    def answer_people(self, shots: list[ShotCamera], asked: Sequence[Revision]) -> list[ShotCamera]:
        """The shots with what people asked of them done to the field that they named, one step; else unchanged."""
        index = {shot.shot_id: i for i, shot in enumerate(shots)}
        for revision in asked:
            i = index.get(revision.shot_id)
            if i is None:
                continue
            if revision.field.startswith(LIGHTING):
                shots[i] = self._relit(shots[i], revision.feedback)
            elif revision.field.startswith(CAMERA_FIELDS) or revision.field == "technical_layer":
                shots[i] = self._reframed(shots[i], i, revision.feedback)
        return shots

    def _relit(self, shot: ShotCamera, feedback: str) -> ShotCamera:
        lighting = relight(wishes(feedback, "light"), shot.technical.lighting, feedback)
        if lighting == shot.technical.lighting:
            return shot
        technical = shot.technical.model_copy(update={"lighting": lighting})
        return self._asked(shot.model_copy(update={"technical": technical}), "lighting", feedback)

    def _reframed(self, shot: ShotCamera, i: int, feedback: str) -> ShotCamera:
        wanted = wishes(feedback, "camera")
        moment, camera = self.found[i], shot.technical.camera
        movement = remove(wanted, camera.movement, moment.stage.kind == "car")
        framed = reframe(wanted, camera, moment, self.options[i], self.habit, self.settings.aspect, self.inside)
        if movement is None and framed is None:
            return shot
        changed = movement or camera.movement
        move = Move(changed.type, changed.speed, changed.support, "", camera.lens.zoom, camera.movement.roll_deg)
        technical, setup_id = shot.technical, shot.setup_id
        standing = framed or standing_frame(camera, moment)
        if framed is not None:
            line = technical.staging.line
            staging, seen, shoulder = stage_shot(
                moment, framed.chosen, framed.setup, self.cast, line.passage if line else 1, line.reset if line else ""
            )
            setup_id = setup_name(self.directed.scene_id, moment, framed.chosen, framed.setup)
            frame = Frame(framed.setup, setup_id, staging, seen, shoulder, i)
            camera = self.camera(moment, framed.chosen, frame, move, technical.lighting)
            camera = camera.model_copy(update={"roll": technical.camera.roll})
            technical = technical.model_copy(update={"staging": staging})
        start, end = first_and_last(moment, standing.chosen, standing.setup, technical.staging, move, self.names)
        camera = camera.model_copy(
            update={
                "movement": changed.model_copy(update={"start": start, "end": end}),
                "composition": camera.composition,
            }
        )
        technical = technical.model_copy(update={"camera": camera})
        return self._asked(shot.model_copy(update={"technical": technical, "setup_id": setup_id}), "camera", feedback)

    def _asked(self, shot: ShotCamera, part: Literal["camera", "lighting"], feedback: str) -> ShotCamera:
        because = f"Asked for in review: “{feedback.strip()}”."
        why = shot.provenance[part].model_copy(update={"because": because, "evidence": ("review",)})
        return shot.model_copy(update={"provenance": {**shot.provenance, part: why}})

    def takes(self) -> tuple[list[int], list[int]]:
        """Clips of one take share a set-up: (first clip of each take, which take each clip belongs to)."""
        heads: list[int] = []
        member: list[int] = []
        by_id: dict[str, int] = {}
        for i, shot in enumerate(self.directed.shots):
            parent = by_id.get(shot.continues_shot_id or "")
            if parent is None:
                heads.append(i)
                parent = len(heads) - 1
            member.append(parent)
            by_id[shot.shot_id] = parent
        return heads, member

    def sudden(self, moment: Moment) -> bool:
        """Whether a jump of size is wanted at this cut."""
        shot = moment.shot
        return (
            (shot.intent.beat.name in SUDDEN and shot.intent.beat.intensity >= 0.5)
            or shot.function == "reveal"
            or shot.transition_in == "smash_cut"
        )

    def _expose(self, choice: Choice) -> list[ShotCamera]:
        found, way = choice.moments, choice.way
        gaffer = Gaffer(self.brief, found, self.settings)
        operator = Operator(self.brief, found, choice.arcs, way)
        shots: list[ShotCamera] = []
        moves: dict[str, Move] = {}
        for i, (moment, chosen, frame) in enumerate(zip(found, way, choice.frames, strict=True)):
            setup = frame.setup
            parent = moves.get(moment.shot.continues_shot_id or "")
            if parent is not None and still_there(chosen, moment):
                move = parent
            else:
                move = operator.move(i, moment, setup)
                if self.advice is not None:
                    move = advised_move(self.advice.said(moment.shot.shot_id), move, operator, i, moment)
            moves[moment.shot.shot_id] = move
            lighting = gaffer.light(moment, setup, 0 if chosen.kind == "insert" else chosen.size)
            camera = self.camera(moment, chosen, frame, move, lighting)
            shots.append(
                ShotCamera.model_construct(
                    shot_id=moment.shot.shot_id,
                    setup_id=frame.setup_id,
                    technical=TechnicalLayer.model_construct(camera=camera, lighting=lighting, staging=frame.staging),
                    provenance=self._provenance(choice, i, move, gaffer, camera),
                )
            )
        return shots

    def camera(self, moment: Moment, chosen: Candidate, frame: Frame, move: Move, lighting: Lighting) -> Camera:
        """The camera of a frame, with its glass, its stop and its words."""
        setup, staging, seen, shoulder = frame.setup, frame.staging, frame.seen, frame.shoulder
        look = beat_looks()[moment.shot.intent.beat.name]
        wide = chosen.size <= 1 or chosen.kind in ("master", "empty")
        depth = "deep" if wide else look.depth
        if chosen.size >= 5 and depth == "deep":
            depth = "moderate"
        night = lighting.time_of_day in ("night", "dusk", "blue_hour")
        level = "night" if night else "interior" if self.inside else "day"
        own = moment.figures.get(chosen.primary)
        target = chosen.primary or (moment.stage.place if not own else "")
        if chosen.kind == "pov" and target == "ahead":
            target = moment.stage.place
        start, end = first_and_last(moment, chosen, setup, staging, move, self.names)
        blue = "moonlight" in lighting.source
        roll: Roll = (
            "dutch_left" if move.dutch and moment.stage.facing > 0 else "dutch_right" if move.dutch else "level"
        )
        return Camera.model_construct(
            shot_size=setup.size,
            coverage_m=setup.coverage_m,
            angle=setup.angle,
            roll=roll,
            height=height_name(setup.position[1], setup.eye_m),
            facing=facing(setup, own.at, own.heading) if own is not None and chosen.kind != "pov" else "frontal",
            framing=framing(chosen, seen, shoulder, setup.coverage_m or 0.0),
            dirty=shoulder,
            composition=composition(moment, chosen, setup, staging),
            movement=Movement.model_construct(
                type=move.type, support=move.support, speed=move.speed, start=start, end=end, roll_deg=move.dutch
            ),
            lens=Lens.model_construct(
                focal_mm=setup.focal_mm,
                lens_class=lens_class(setup.focal_mm),
                zoom=move.zoom,
                macro=chosen.kind == "insert" and (setup.coverage_m or 1.0) <= 0.12,
            ),
            aperture_t=aperture(depth, level),  # type: ignore[arg-type]
            depth_of_field=depth,
            white_balance_k=white_balance(lighting.color_temperature_k, blue),
            focus=Focus.model_construct(on=target, pull_to=self._pull(moment, chosen, frame) or None),
            position_m=setup.position,
            look_at_m=setup.look_at,
        )

    def _pull(self, moment: Moment, chosen: Candidate, frame: Frame) -> str:
        """To whom or what the focus goes, once a scene at most, where the words go from near to far in one frame."""
        if self.pulled or chosen.kind not in ("single", "over", "two") or chosen.primary not in moment.figures:
            return ""
        if not any(words_of("beyond").search(text) for text in moment.texts):
            return ""
        setup = frame.setup
        near = distance_between(setup.plan, moment.figures[chosen.primary].at)
        for subject in frame.staging.subjects:
            figure = moment.figures.get(subject.entity)
            named = figure is None or figure.phase > 0
            far = distance_between(setup.plan, (subject.position_m[0], subject.position_m[2]))
            if subject.entity != chosen.primary and not subject.foreground and named and far > near + RACK_M:
                self.pulled = True
                return subject.entity
        if chosen.size <= 4 and any(words_of("background").search(text) for text in moment.texts):
            self.pulled = True
            return moment.stage.place
        return ""

    def _provenance(
        self, choice: Choice, i: int, move: Move, gaffer: Gaffer, camera: Camera
    ) -> dict[Literal["camera", "lighting", "staging"], Provenance]:
        moment, chosen, staging = choice.moments[i], choice.way[i], choice.frames[i].staging
        why, evidence = why_camera(choice, i, move), chosen.evidence
        if self.advice is not None:
            heard, spoke = what_became(choice, i, move, camera, self.advice, self.pins)
            why = f"{why.removesuffix('.')}; {heard}." if heard else why
            evidence = (*evidence, *spoke)
        plan = gaffer.plan(moment.stage.place, gaffer.hour(moment))
        hour = gaffer.hour(moment).replace("_", " ")
        light = (
            f"One plan for the whole place: {plan.motivated_by}, at {hour}; "
            f"{gaffer.beat.replace('_', ' ')} is its feeling."
        )
        return {
            "camera": Provenance.model_construct(by=BY, mind="rules", because=why, evidence=evidence, pinned=False),
            "lighting": Provenance.model_construct(
                by=BY, mind="rules", because=light, evidence=(f"beat {gaffer.beat}", "rule CLIGHT"), pinned=False
            ),
            "staging": Provenance.model_construct(
                by=BY,
                mind="rules",
                because=self.why_staging(staging),
                evidence=("rule C180", "rule CEYE"),
                pinned=False,
            ),
        }

    def why_staging(self, staging: Staging) -> str:
        """On which line of action a frame is staged."""
        line = staging.line
        if line is None:
            return "Nobody's line of action runs through this frame."
        if line.kind == "travel":
            return f"{name_of(line.a, self.names)} keeps one screen direction through the journey."
        a, b = name_of(line.a, self.names), name_of(line.b, self.names)
        if line.kind == "seats":
            return f"The line runs through the seats; from the windscreen {a} is to the left and {b} to the right."
        if line.kind == "thing":
            return f"{a} looks at {b}; the camera keeps to one side of that look."
        return f"The line runs from {a} to {b}; all cameras of the passage stay on one side, {a} to the left of {b}."
