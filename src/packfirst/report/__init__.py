"""The report of a study: `render` and `write_report` in `packfirst.report.html`."""
