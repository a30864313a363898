"""The vision service's inside: backbones, similarity, calibration, measures, suggestions, the shot library and the server."""
