"""For ChipFoundry's chipIgnite: a macro in the analog user area, with the project's folder as its precheck reads it."""
