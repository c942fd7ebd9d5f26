"""What drawn dies make of a network: accuracies with their spread, losses by source, mistakes by class."""
