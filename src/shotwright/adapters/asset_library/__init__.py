"""Adapters of the `AssetLibrary` port."""
