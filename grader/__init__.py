"""`grade`: submissions, sandbox, marking and reports."""
