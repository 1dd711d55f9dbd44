"""From a class and a construction to what has to be done, in which order, on how many parts, and how long it takes."""
