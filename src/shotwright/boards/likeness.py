"""Somebody as they should be: alone, in the very set-up of a shot, so that like is compared with like.

Against a fixed set of references a drawn person in another light or from another side differs more than another person
in the same; in the same camera, light and pose only the person is left to differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from shotwright.boards.drawing import draw_shot
from shotwright.boards.frames import MOMENTS, encode_mask, jpeg
from shotwright.boards.sets import place_look
from shotwright.model.shot import Hands

if TYPE_CHECKING:
    from shotwright.boards.mesh import Mesh
    from shotwright.boards.scene import MeshMaker
    from shotwright.model.shot import Shot, Subject
    from shotwright.model.vision_picture import FrameAt

VERSION = 1
"""Bumped when the same look would be drawn otherwise."""
PLAIN = "location/plain"


def likeness(
    shot: Shot, subject: Subject, maker: MeshMaker, at: FrameAt, *, inside: bool, size: tuple[int, int]
) -> tuple[bytes, bytes]:
    """(JPEG, PNG mask with 1 where the person is) of a subject of the shot, as `maker` makes them, at half the frame's
    size and with nobody and nothing else staged."""
    alone = subject.model_copy(update={"hands": Hands()})
    layer = shot.technical_layer
    staging = layer.staging.model_copy(update={"subjects": (alone,), "plate": f"{PLAIN} side A"})
    emptied = shot.model_copy(update={"technical_layer": layer.model_copy(update={"staging": staging})})

    def made(staged: Subject, moment: float) -> Mesh:
        # Hands stay as they hold things; what they hold is left away.
        return maker(subject, moment)

    place = place_look(PLAIN, "room" if inside else "field", inside, [emptied])
    drawing = draw_shot(emptied, {subject.entity: made}, place, MOMENTS[at], (size[0] // 2, size[1] // 2))
    mask = drawing.mask(str(subject.entity))
    return jpeg(drawing.image), encode_mask(mask.astype(np.uint8))
