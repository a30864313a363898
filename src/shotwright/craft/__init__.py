"""Film knowledge: data files and the pure functions over them."""
