"""The names of the habitats."""

MEADOW, BARK, PEBBLES, DUNE, MOSS = "meadow", "bark", "pebbles", "dune", "moss"
HABITATS = (MEADOW, BARK, PEBBLES, DUNE, MOSS)
