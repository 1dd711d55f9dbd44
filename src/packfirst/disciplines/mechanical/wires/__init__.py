"""Bond wires: flexing at the heel, current limits by rule, heating and melting by physics."""
