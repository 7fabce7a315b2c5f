"""The corridor's bookkeeping as ingest asks for it: imports, sources, inbox, quarantine, jobs, purges and the doctor's checks."""
