"""How die find their places: rectangles, the hub, memory at it, what stands beside and on it, and who talks to whom."""
