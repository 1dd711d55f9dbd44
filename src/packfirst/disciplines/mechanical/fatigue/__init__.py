"""Life of solder joints, each law within its own range. None covers a joint that carries underfill."""
