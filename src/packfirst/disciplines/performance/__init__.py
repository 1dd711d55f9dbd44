"""What the workload gets out of a package: throughput, what binds it, and what heat takes away.

`roofline` gives the attainable throughput and its slope in every resource, `throttle` the frequency that the
junctions allow, `efficiency` the throughput per watt, and `node_gain` sets one more process node against a
change of package.
"""
