"""Files: CSV, TSV, JSON lines, Parquet and XLSX, plain or gzipped, read as a stream and mapped onto events."""
