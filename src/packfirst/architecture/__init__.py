"""From a Program to the geometry of one candidate: partition, placement, assembly tree, Package."""
