"""The vision service's inside: backbones, similarity, calibration, measures, suggestions, shot library and server."""
