"""The chosen package turned into limits that the die team checks in its own CI."""
