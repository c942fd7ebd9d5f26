"""Networks of crossbars: a layer an array of signed cells that hold codes, read by pulses; and dies of them."""
