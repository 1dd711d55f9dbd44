"""Who can build a package, where, under which rules, and what hangs on a single site, firm or country.

Model files: `gates` asks one site about one step, `routes` finds every Pareto route, `relax` says what stands in
the way where there is none, `exposure` removes sites, firms and countries, `policy` reads dated rules,
`queueing` and `base_growth` hold demand against lines over years.
"""
