"""Promises: what a technology must offer to take part. Each port is small, has an embedded default that is real, and
says in its docstring what the contract suite under `tests/contracts` checks of every adapter."""
