"""Source mutants that are no faults: nothing that anyone can see changes. By `Mutant.key`, each with the reason."""

EQUAL: dict[str, str] = {}
