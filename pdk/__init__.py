"""Facts about the SKY130 process, one subject a file. Imports nothing else of analoom."""
