"""Search: enumerate, screen, assess the promising, keep the study, say what was found."""
