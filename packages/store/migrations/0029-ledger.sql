-- Role ca signs no certificate on a record that is behind what was published: it looks for itself.
GRANT SELECT ON ledger_checkpoints, ledger_published, ledger_entries TO mandate_ca;
