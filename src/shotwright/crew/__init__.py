"""The six agents. Members never import each other; they meet only in the values of `model`."""
