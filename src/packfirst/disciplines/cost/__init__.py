"""What a package costs: die yield, gross die, assembly in process order, and development cost.

The model files know arrays only. They broadcast over leading axes, so that a table of candidates,
or candidates times samples, is one call.
"""
