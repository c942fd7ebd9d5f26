"""What holds for every test: an approx has the tolerance that it says (`tolerance`)."""

from tolerance import refuse_unmeant_tolerances

refuse_unmeant_tolerances()
