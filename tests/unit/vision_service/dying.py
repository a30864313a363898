"""A process that fills a library until it is killed: each thing that it has finished it says on a line."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.unit.vision_service.pictures import person

from shotwright.model.vision import LibraryShot
from shotwright.vision.library import ShotLibrary
from shotwright.vision.pictures import measure

library = ShotLibrary(Path(sys.argv[1]))
for number in range(100_000):
    data = person("mara", number)
    width, height, kind = measure(data)
    media, _ = library.put_picture(data, f"{number}.png", "image/png", width, height, kind)
    ids, _ = library.add([LibraryShot(tags=(f"n{number}",), start_timestamp=number)], [data])
    sys.stdout.write(f"{media.asset_id} {ids[0]}\n")
    sys.stdout.flush()
