"""What `compile` is given: a trained network and a data set, read from files and checked; no pickle is ever opened."""
