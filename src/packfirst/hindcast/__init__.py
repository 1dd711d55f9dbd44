"""Published products against what packfirst would have said of them."""
